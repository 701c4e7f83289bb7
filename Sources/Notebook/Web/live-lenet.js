// Chapter 10: LeNet-5 learns a few thousand digits in the page: its loss, its errors, and its filters during training.

draw.lenet = async panel => {
  const {state} = panel;
  let losses = [], seen = 0, speed = 0, error = 0, tested = 0, testedAt = 0;
  const board = make("div", "lenet-board"), chart = make("div", "chart"), told = make("p", "told");
  const box = (title, style) => {
    const home = make("div", style);
    home.append(make("p", "part-name", title));
    board.append(home);
    return home;
  };
  const canvases = (home, count, side) => Array.from({length: count}, () => {
    const canvas = make("canvas", "map");
    canvas.width = canvas.height = side;
    home.append(canvas);
    return canvas;
  });
  const left = box("loss of each step", "lenet-chart");
  left.append(chart, told);
  const right = make("div", "lenet-inside");
  board.append(right);
  const row = title => {
    const home = make("div", "maps six");
    right.append(make("p", "part-name", title), home);
    return home;
  };
  const filters = canvases(row("its six filters, 5×5"), 6, 5), maps = canvases(row("their output for a digit"), 6, 28);
  panel.stage.append(board);

  let picture = [];
  const show = () => {
    lines(chart, {series: [{name: "loss", values: losses}], label: "The loss of each step", x: "step", low: 0, high: 2.5});
    const [weights, , outputs] = picture;
    filters.forEach((canvas, k) => {
      const own = weights.subarray(25 * k, 25 * k + 25);
      paint(canvas, own, 5, "signed", Math.max(...own.map(Math.abs), 1e-9));
    });
    maps.forEach((canvas, k) => {
      const own = outputs.subarray(784 * k, 784 * k + 784);
      paint(canvas, own, 28, "signed", Math.max(...own.map(Math.abs), 1e-9));
    });
    told.textContent = `${seen.toLocaleString("en")} digits seen${speed ? `, ${Math.round(speed).toLocaleString("en")} a second` : ""}${tested ? `; wrong on new ones${tested < seen ? ` after ${tested.toLocaleString("en")}` : ""}: ${fixed(100 * error, 1)} %` : ""}`;
    Object.assign(panel.section.dataset, {steps: losses.length, loss: losses.slice(-20).reduce((sum, loss, _, all) => sum + loss / all.length, 0), seen, error: tested ? error : "", speed});
  };
  // New digits are classified twice per second during training, and after every step by hand.
  const look = async () => {
    const tests = seen && !(panel.section.hasAttribute("data-plays") && performance.now() - testedAt < 500);
    picture = await panel.ask("look", [tests ? 1 : 0]);
    if (tests) [error, tested, testedAt] = [picture[1][0], seen, performance.now()];
    show();
  };
  // The digits are drawn while the reader reads; if training starts earlier, the rest is drawn at once.
  const drawDigits = async () => { while ((await panel.ask("draw"))[0][0]) await pause(10) };
  const reset = async () => {
    await panel.ask("reset", [state.seed, state.digits, state.normalized, state.momentum]);
    [losses, seen, speed, tested] = [[], 0, 0, 0];
    await look();
    drawDigits();
  };
  const step = async () => {
    const [more, [total]] = await panel.ask("train", [state.speed, 10 ** state.rate, state.batch]);
    losses.push(...more);
    seen = total;
    speed = state.speed * state.batch / panel.took * 1000;
    await look();
  };
  const controls = new Controls(panel, async name => {
    if (["rate", "speed", "batch"].includes(name)) return;
    stop();
    await reset();
  });
  const {stop} = controls.transport(step, reset);
  controls.slider("speed", "steps a frame", 1, 20);
  controls.slider("rate", "rate η", -3.5, .5, .1, tenTo);
  controls.slider("momentum", "momentum", 0, .95, .05);
  controls.slider("batch", "batch", 8, 128, 8);
  controls.slider("digits", "digits to learn from", 200, 4000, 200);
  controls.choice("normalized", "batch normalization", ["without", "with"]);
  controls.slider("seed", "seed", 1, 20);
  whenThemeChanges(panel, show);
  await reset();
};
