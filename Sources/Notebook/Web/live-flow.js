// Chapter 11: the gradient on its way back through many layers, with and without the addition, with an adjustable
// depth.

draw.flow = async panel => {
  const state = panel.starting({speed: 4}), colours = ["var(--red)", "var(--blue)"];
  const chart = make("div", "chart flow"), told = make("p", "told"), signal = make("div", "chart signal"), board = make("div", "flow-board");
  part(board, "the gradient’s norm: it comes from the right", chart);
  part(board, "the signal’s deviation: from the left", signal);
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const number = value => value === 0 ? "0" : value < .01 || value >= 1000 ? scientific(value) : String(+value.toPrecision(2));
  const compute = onceAFrame(async () => {
    const {seed, depth, activation, factor, normalized, last} = state;
    const [plain, adding, up, upAdding, perLayer] = await panel.ask("measure", [seed, depth, activation, factor, normalized, last]);
    // Zeros are drawn at the smallest positive number.
    const line = (values, step) => [...values].map((value, k) => [1 + k * step, Math.log10(Math.max(value, 1e-45))]);
    const picture = (home, pairs, label, yName) => {
      const curves = pairs.map((values, k) => line(values, k + 1)), heights = curves.flat().map(p => p[1]);
      const low = Math.max(-20, Math.min(-2, Math.floor(Math.min(...heights)))), high = Math.max(2, Math.ceil(Math.max(...heights)));
      graph(home, {
        x: [1, Math.max(3, depth)], y: [low, high], label, xName: "layer", yName, isLog: true, tall: 250,
        curves: curves.map((points, k) => ({points, colour: colours[k], size: k ? 3 : 2})),
        points: curves.map((at, k) => ({at, colour: colours[k], size: depth > 30 ? 2 : 3})),
      });
    };
    picture(chart, [plain, adding], "The norm of the gradient at each layer, plain and with the addition", "‖∂L/∂x‖, sent: 1");
    picture(signal, [up, upAdding], "The deviation of the signal behind each layer, plain and with the addition", "deviation, sent: 1");
    const arrives = (values, k) => `the gradient that arrives at layer 1 is ${number(values[0])} times what was sent (${perLayer[k].toPrecision(3)} a layer)`;
    told.innerHTML = `<b class="plain">Plain</b>: ${arrives(plain, 0)}. <b class="adds">With the addition</b>: ${arrives(adding, 1)}. ${depth} layers of 64 units, a batch of 32.`;
    Object.assign(panel.section.dataset, {depth, plain: plain[0], adding: adding[0], signal: up.at(-1)});
  });
  const controls = new Controls(panel, compute);
  // Adds two layers; after the deepest network, starts again.
  controls.plays("depth", depth => depth >= 60 ? 2 : depth + 2, compute);
  controls.slider("depth", "layers", 2, 60, 2);
  controls.choice("activation", "activation", ["sigmoid", "tanh", "ReLU", "none"]);
  controls.slider("factor", "first weights ×", .25, 4, .05, value => fixed(value));
  controls.choice("normalized", "batch normalization", ["without", "with"]);
  controls.choice("last", "behind the addition", ["nothing", "the activation"]);
  controls.slider("seed", "seed", 1, 20);
  await compute();
};
