// Chapter 7: a decision boundary under a penalty, its weights, and the diamond and the disc.

draw.penalty = async panel => {
  const {state} = panel, side = 56, reach = 2.2, sides = 72;
  let points = [], classes = [], losses = [], sums = [], field = [], matrix = [], bowl = [];

  const board = make("div", "penalty-board"), plane = make("div", "plane"), canvas = make("canvas", "field"), dots = make("div", "dots");
  const weights = make("canvas", "map weights"), shape = make("div", "chart shape-of-penalty"), chart = make("div", "chart"), told = make("p", "told");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "The plane: the colour of the class that the net would name, strong where it is sure");
  plane.append(canvas, dots);
  part(board, "forty points, and what the net makes of the plane", plane);
  part(board, "24×24 weights between its hidden layers", weights);
  part(board, "loss of each step, without the penalty", chart);
  part(board, "two weights: drag the bowl’s bottom", shape);
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const show = () => {
    paint(canvas, field, side, "classes");
    paint(weights, matrix, 24, "signed", .6);
    lines(chart, {series: [{name: "loss", values: losses}], label: "The loss of each step", x: counted(losses.length, "step"), low: 0, high: .8, tall: room => innerWidth > 640 ? room : 190});
    const [right, unseen, zeros, size] = sums, percent = value => `${(100 * value).toFixed(value === 1 ? 0 : 1)} %`;
    told.textContent = losses.length
      ? `${counted(losses.length, "step")}: ${percent(right)} of the forty points right, ${percent(unseen)} of 1,000 new ones; ${percent(zeros)} of the weights are exactly 0, their root mean square is ${fixed(size)}.`
      : "Play, or press the full stop for a step. The penalty and λ may be moved while it learns.";
    Object.assign(panel.section.dataset, {steps: losses.length, right: right || 0, zeros: zeros || 0, unseen: unseen || 0, size: size || 0});
  };
  const showBowl = async () => {
    bowl = await panel.ask("bowl", [state.x, state.y, state.penalty, 10 ** state.force]);
    const [[u, v], ring, [size]] = bowl;
    const region = state.penalty === 1 ? [[size, 0], [0, size], [-size, 0], [0, -size], [size, 0]]
      : Array.from({length: sides}, (_, k) => [size * Math.cos(2 * Math.PI * k / (sides - 1)), size * Math.sin(2 * Math.PI * k / (sides - 1))]);
    graph(shape, {
      x: [-1.6, 1.6], y: [-1.6, 1.6], isSquare: true, label: "The bowl, its penalty’s region, and the minimum of both", xName: "w₁", yName: "w₂",
      curves: [
        {points: [[0, -9], [0, 9]], colour: "var(--line)", size: 1}, {points: [[-9, 0], [9, 0]], colour: "var(--line)", size: 1},
        {points: state.penalty ? region : [], colour: "var(--blue)"}, {points: pairs(ring), colour: "var(--mute)", size: 1.5},
      ],
      points: [{at: [[state.x, state.y]], colour: "var(--mute)", size: 5, isHollow: true}, {at: [[u, v]], colour: "var(--red)", size: 5}],
    });
    panel.section.dataset.minimum = `${u} ${v}`;
  };
  const look = async () => { [field, matrix] = await panel.ask("look", [side, reach]) };
  const begin = async () => {
    [points, classes] = await panel.ask("begin", [state.seed, state.noise]);
    [losses, sums] = [[], []];
    await look();
    dotted(dots, points, classes, reach, 1.5);
    show();
    await showBowl();
  };
  const step = async () => {
    const [more, numbers] = await panel.ask("train", [state.speed, state.rate, state.penalty, 10 ** state.lambda]);
    losses.push(...more);
    sums = numbers;
    await look();
    show();
  };
  const controls = new Controls(panel, async name => {
    if (["penalty", "force"].includes(name)) await showBowl();
    if (!["noise", "seed"].includes(name)) return;
    stop();
    await begin();
  });
  const {stop} = controls.transport(step, begin);
  controls.choice("penalty", "penalty", ["none", "L1", "L2"]);
  controls.slider("lambda", "λ of the net", -4, -.5, .1, tenTo);
  controls.slider("force", "λ of the bowl", -2, .5, .05, tenTo);
  controls.slider("rate", "rate η", .01, 1, .01, value => fixed(value));
  controls.slider("noise", "noise", 0, .5, .01, value => fixed(value));
  controls.slider("speed", "steps a frame", 1, 50);
  controls.slider("seed", "seed", 1, 20);
  dragged(shape, "The bowl’s bottom", () => [state.x, state.y], async (x, y) => {
    [state.x, state.y] = [x, y].map(value => Math.round(50 * value) / 50);
    panel.remember();
    await showBowl();
  });
  whenThemeChanges(panel, show);
  await begin();
};
