// Chapter 2: the slopes of sixteen layers, and the gradient after each of them on its way back.

draw.depth = async panel => {
  const state = panel.starting({speed: 2}), bins = 20;
  const board = make("div", "depth-board"), chart = make("div", "chart"), layers = make("div", "layers"), told = make("p", "told");
  part(board, "the gradient that is left, from the last layer back to the first", chart);
  part(board, "slopes of each layer’s units, from 0 (left) to 1", layers);
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const compute = onceAFrame(async () => {
    const {seed, depth, width, activation, factor, shift} = state;
    const [summaries, slopes, left] = await panel.ask("measure", [seed, depth, width, activation, 10 ** factor, shift]);
    const rows = Array.from({length: depth}, (_, k) => ({mean: summaries[2 * k], saturated: summaries[2 * k + 1], slopes: slopes.slice(bins * k, bins * k + bins)}));
    layers.replaceChildren(...rows.map(({slopes, saturated}, k) => {
      const box = make("div", "layer"), shape = make("div", "shape");
      histogram(shape, {values: slopes, colour: saturated > .75 ? "var(--red)" : "var(--blue)"});
      box.append(make("p", "part-name", `layer ${k + 1}`), shape, make("p", "number", `${Math.round(100 * saturated)} %`));
      return box;
    }));
    const number = value => value === 0 ? "0" : value < .01 || value >= 1000 ? scientific(value) : String(+value.toPrecision(2));
    const powers = [1, ...left].map((value, k) => [k, Math.log10(Math.max(value, 1e-38))]), heights = powers.map(([, height]) => height);
    graph(chart, {
      x: [0, depth], y: [Math.min(-2, Math.floor(Math.min(...heights))), Math.max(1, Math.ceil(Math.max(...heights)))], isLog: true, tall: 190,
      label: "The share of the gradient that is left, by the layers that it has passed", xName: "layers passed", yName: "share left",
      curves: [{points: powers, colour: "var(--red)"}], points: [{at: powers, colour: "var(--red)"}],
    });
    const mean = rows.reduce((sum, row) => sum + row.saturated / depth, 0), last = left.at(-1);
    told.textContent = `After ${depth} layers ${number(last)} of the gradient is left: a factor of ${number(last ** (1 / depth))} for each. ${
      Math.round(100 * mean)} % of the units are saturated: their slope is below a twentieth of the largest there is. The percentages are those of each layer.`;
    Object.assign(panel.section.dataset, {depth, left: last, saturated: mean});
  });
  const controls = new Controls(panel, compute);
  controls.redraws(compute);
  controls.choice("activation", "activation", ["sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU"]);
  controls.slider("factor", "weights ×", -1, 1.5, .05, tenTo);
  controls.slider("shift", "added to each sum", -6, 6, .1, value => fixed(value, 1));
  controls.slider("depth", "layers", 1, 16);
  controls.slider("width", "units", 8, 128, 8);
  controls.slider("seed", "seed", 1, 20);
  await compute();
};
