// Chapter 1: a small network on spirals or moons, and its classification of the plane.

draw.field = async panel => {
  const {state} = panel, side = 56;
  let reach = 1.2, points = [], classes = [], losses = [], share = 0, field = new Float32Array(side * side).fill(.5);

  const board = make("div", "field-board"), plane = make("div", "plane"), canvas = make("canvas", "field");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "The plane: the colour of the class that the net would name, strong where it is sure");
  const dots = make("div", "dots"), right = make("div", "field-right"), chart = make("div", "chart"), told = make("p", "told");
  plane.append(canvas, dots);
  right.append(chart, told);
  board.append(plane, right);
  panel.stage.append(board);

  const show = () => {
    paint(canvas, field, side, "classes");
    lines(chart, {series: [{name: "loss", values: losses}], label: "The loss of each step", x: "step", low: 0, high: Math.max(.8, ...losses.slice(-300))});
    const now = losses.slice(-20).reduce((sum, loss, _, all) => sum + loss / all.length, 0);
    told.textContent = losses.length
      ? `${counted(losses.length, "step")}, loss ${fixed(now, 3)}, ${Math.round(100 * share)} % of the points right` : "Not trained yet";
    Object.assign(panel.section.dataset, {steps: losses.length, share, loss: now});
  };
  const reset = async () => {
    const {seed, set, noise, units, depth, activation, momentum} = state;
    [points, classes] = await panel.ask("reset", [seed, set, 200, noise, units, depth, activation, momentum]);
    [losses, share, reach] = [[], 0, set ? 1.8 : 1.2];
    [field] = await panel.ask("field", [side, reach]);
    dotted(dots, points, classes, reach, .95);
    show();
  };
  const step = async () => {
    const [more, [right]] = await panel.ask("train", [state.speed, 10 ** state.rate, state.batch]);
    losses.push(...more);
    share = right;
    [field] = await panel.ask("field", [side, reach]);
    show();
  };
  const controls = new Controls(panel, async name => {
    // The learning rate, the batch and the speed may change during training; everything else restarts it.
    if (!["rate", "batch", "speed"].includes(name)) {
      stop();
      await reset();
    }
  });
  const {stop} = controls.transport(step, reset);
  controls.slider("speed", "steps a frame", 1, 20);
  controls.choice("set", "points", ["spirals", "moons"]);
  controls.choice("activation", "activation", ["tanh", "ReLU", "sigmoid"]);
  controls.slider("units", "hidden units", 1, 32);
  controls.slider("depth", "hidden layers", 1, 3);
  controls.slider("rate", "rate η", -3, .5, .1, tenTo);
  controls.slider("momentum", "momentum", 0, .95, .05);
  controls.slider("batch", "batch", 1, 200);
  controls.slider("noise", "noise", 0, .3, .01);
  controls.slider("seed", "seed", 1, 20);
  whenThemeChanges(panel, show);
  await reset();
};
