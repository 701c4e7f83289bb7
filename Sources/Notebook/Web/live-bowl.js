// Chapter 1: the path of gradient descent in a bowl, and its distance from the minimum.

draw.bowl = async panel => {
  const {state} = panel, sides = 72;
  let rings = [], limits = [1, 1], path = [], distances = [], arrival = 0;

  const board = make("div", "bowl-board"), plane = make("div", "chart bowl"), chart = make("div", "chart"), told = make("p", "told");
  part(board, "the loss over the two weights: drag the start", plane);
  part(board, "distance from the bottom, relative to the first", chart);
  told.setAttribute("role", "status");
  board.lastChild.append(told);
  panel.stage.append(board);

  const show = () => {
    // A path that leaves the picture is drawn up to its edge.
    const leaves = path.findIndex(([a, b]) => Math.max(Math.abs(a), Math.abs(b)) > 1.4);
    const inside = leaves < 0 ? path : path.slice(0, leaves + 1);
    const all = pairs(rings), steps = distances.length - 1, last = distances.at(-1), rate = 10 ** state.rate, isLost = !(last < 1e3);
    graph(plane, {
      x: [-1.4, 1.4], y: [-1.4, 1.4], isSquare: true, label: "Ellipses of equal loss, and the path of the descent", xName: "w₁", yName: "w₂",
      curves: [
        ...Array.from({length: 5}, (_, k) => ({points: all.slice(k * sides, (k + 1) * sides), colour: "var(--mute)", size: 1})),
        {points: inside, colour: "var(--red)"},
      ],
      points: [
        {at: inside.slice(1), colour: "var(--red)", size: steps > 60 ? 2 : 3}, {at: [[0, 0]], colour: "var(--blue)", size: 5, isHollow: true},
        {at: [path[0]], colour: "var(--red)", size: 6},
      ],
    });
    lines(chart, {
      series: [{name: "distance", values: distances, colour: "var(--red)"}], label: "The distance from the bottom by the step",
      x: counted(steps, "step"), isLog: true, low: .001, high: Math.max(10, ...distances.filter(Number.isFinite)),
    });
    const number = value => value > 0 && value < .001 ? scientific(value) : String(+value.toPrecision(2));
    told.innerHTML = `Above ${number(limits[0])} it diverges${state.momentum ? "" : `; the best rate is ${number(limits[1])}`}. ${
      !steps ? `η = ${number(rate)}: play, or press the full stop for a step.` : isLost ? `<b class="plain">After ${counted(steps, "step")} it is lost.</b>` :
        `${counted(steps, "step")}, distance ${number(last)}${arrival ? `; <b>below 1 % since step ${arrival}</b>` : ""}.`}`;
    Object.assign(panel.section.dataset, {steps, arrival, limit: limits[0], distance: last});
  };
  const begin = async () => {
    const {kappa, turn, x, y, momentum, method} = state;
    [rings, limits] = await panel.ask("begin", [10 ** kappa, turn, x, y, momentum, method]);
    [path, distances, arrival] = [[[x, y]], [1], 0];
    show();
  };
  const step = async () => {
    const [weights, shares, [reached]] = await panel.ask("descend", [state.speed, 10 ** state.rate]);
    path.push(...pairs(weights));
    distances.push(...shares);
    arrival = reached;
    show();
    // Stop at the minimum, or far away from it.
    if (distances.at(-1) < 1e-4 || distances.at(-1) > 1e4) stop();
  };
  const controls = new Controls(panel, async name => {
    if (["rate", "speed"].includes(name)) return show();
    stop();
    await begin();
  });
  const {stop} = controls.transport(step, begin);
  controls.choice("method", "velocity", ["momentum", "Nesterov"]);
  controls.slider("kappa", "κ", 0, 2, .1, tenTo);
  controls.slider("rate", "rate η", -3, .5, .05, tenTo);
  controls.slider("momentum", "momentum μ", 0, .95, .05, value => fixed(value));
  controls.slider("turn", "turn", -90, 90, 5, value => `${String(value).replace("-", "−")}°`);
  const x = controls.slider("x", "start w₁", -1.3, 1.3, .05, value => fixed(value)), y = controls.slider("y", "start w₂", -1.3, 1.3, .05, value => fixed(value));
  controls.slider("speed", "steps a frame", 1, 20);
  dragged(plane, "The start", () => [state.x, state.y], async (a, b) => {
    stop();
    x.put(a);
    y.put(b);
    await begin();
  });
  await begin();
};
