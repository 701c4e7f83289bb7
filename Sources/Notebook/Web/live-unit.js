// Chapter 2: a unit and its cloud. The line on which its sum is 0 can be dragged, or moved by a step that is too large.

draw.unit = async panel => {
  const {state} = panel, names = ["ReLU", "leaky ReLU", "ELU"];
  let samples = [], sums = [], shares = [0, 0, 0], line = [], weights = [], alive = [], losses = [];

  const board = make("div", "unit-board"), plane = make("div", "chart plane-of-unit"), share = make("div", "chart"), loss = make("div", "chart");
  part(board, "its samples, and the line where its sum is 0: drag it", plane, "unit-plane");
  part(board, "samples that it answers", share);
  part(board, "loss on all samples", loss);
  const told = make("p", "told");
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const show = () => {
    const steps = losses.length - 1, percent = value => `${Math.round(100 * value)} %`;
    const pairs = wanted => [...sums].flatMap((sum, k) => sum > 0 === wanted ? [[samples[2 * k], samples[2 * k + 1]]] : []);
    const [px, py, dx, dy] = line, along = t => [px - dy * t, py + dx * t], isDead = shares[1] === 0;
    const tip = [px + .9 * dx, py + .9 * dy], wing = side => [tip[0] - .25 * dx + side * .15 * dy, tip[1] - .25 * dy - side * .15 * dx];
    graph(plane, {
      x: [-1, 6], y: [-2, 5], isSquare: true, label: `The cloud and the unit’s line; it answers ${percent(shares[0])} of the samples`, xName: "first input", yName: "second input",
      curves: [
        {points: [along(-20), along(20)], colour: "var(--red)", size: 3},
        {points: [[px, py], tip], colour: "var(--red)"}, {points: [wing(1), tip, wing(-1)], colour: "var(--red)"},
      ],
      points: [
        {at: pairs(false), colour: "var(--mute)", size: 2.5, isHollow: true}, {at: pairs(true), colour: "var(--blue)", size: 3.2},
      ],
    });
    lines(share, {series: [{name: "answered", values: alive}], label: "The share of samples that the unit answers, by the step", x: counted(steps, "step"), low: 0, high: 1});
    lines(loss, {series: [{name: "loss", values: losses, colour: "var(--red)"}], label: "The loss by the step", x: counted(steps, "step"), low: 0, high: Math.min(4, Math.max(.2, ...losses))});
    const now = `w = (${fixed(weights[0])}, ${fixed(weights[1])}), b = ${fixed(weights[2])}; loss ${fixed(shares[2], 3)}`;
    told.innerHTML = isDead
      ? `<b class="plain">Dead${steps && alive[0] ? ` after ${counted(alive.findIndex(value => value === 0), "step")}` : ""}</b>: no sample has a gradient for it, and no step will ever move it. ${now}.`
      : `It answers ${percent(shares[0])} of the samples${state.activation ? ` and learns from ${percent(shares[1])}` : ", and learns from these alone"}. ${now}.`;
    Object.assign(panel.section.dataset, {steps, alive: shares[0], learns: shares[1], loss: shares[2]});
  };
  const look = async () => [sums, shares, line, weights] = await panel.ask("look");
  const begin = async () => {
    [samples] = await panel.ask("begin", [state.angle, state.bias, state.activation, state.seed]);
    await look();
    [alive, losses] = [[shares[0]], [shares[2]]];
    show();
  };
  const step = async () => {
    const [answered, , more] = await panel.ask("train", [state.speed, state.rate, state.batch]);
    alive.push(...answered);
    losses.push(...more);
    await look();
    show();
  };
  const controls = new Controls(panel, async name => {
    if (["rate", "batch", "speed"].includes(name)) return;
    stop();
    await begin();
  });
  const {stop} = controls.transport(step, begin);
  controls.choice("activation", "activation", names);
  const bias = controls.slider("bias", "bias", -8, 8, .05, value => fixed(value));
  controls.slider("angle", "direction", -180, 180, 1, value => `${String(value).replace("-", "−")}°`);
  controls.slider("rate", "rate η", .02, 1, .02, value => fixed(value));
  controls.slider("batch", "batch", 1, 150);
  controls.slider("speed", "steps a frame", 1, 20);
  controls.slider("seed", "seed", 1, 20);
  dragged(plane, "The unit’s line", () => line.slice(0, 2), async (x, y) => {
    stop();
    const [[value]] = await panel.ask("through", [state.angle, x, y]);
    bias.put(value);
    await begin();
  });
  await begin();
};
