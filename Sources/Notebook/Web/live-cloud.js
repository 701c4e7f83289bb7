// Chapter 3: the original and the preprocessed cloud, and gradient descent in the corresponding bowl.

draw.cloud = async panel => {
  const {state} = panel, sides = 72, goal = [1, -.5];
  let raw = [], prepared = [], moments = [], curvature = [], rings = [], path = [], losses = [], arrival = 0;

  const board = make("div", "cloud-board"), cloud = make("div", "chart cloud-of-points"), bowl = make("div", "chart bowl"), told = make("p", "told");
  const title = part(board, "", cloud);
  part(board, "the loss over the two weights, from (0, 0)", bowl);
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const methods = ["raw", "centred", "standardized", "whitened"];
  const show = () => {
    title.textContent = state.method ? `the cloud, ${methods[state.method]} (grey: raw, to be dragged)` : "the cloud: drag it";
    graph(cloud, {
      x: [-6, 8], y: [-6, 8], isSquare: true, label: `The cloud, ${methods[state.method]}`, xName: "x₁", yName: "x₂",
      curves: [{points: [[0, -9], [0, 9]], colour: "var(--line)", size: 1}, {points: [[-9, 0], [9, 0]], colour: "var(--line)", size: 1}],
      points: [
        {at: state.method ? pairs(raw) : [], colour: "var(--mute)", size: 1.5}, {at: pairs(prepared), colour: "var(--blue)", size: 2.5},
        {at: [[moments[0], moments[1]]], colour: "var(--red)", size: 5, isHollow: true},
      ],
    });
    const all = pairs(rings), steps = losses.length;
    graph(bowl, {
      x: [-.7, 2.7], y: [-2.2, 1.2], isSquare: true, label: "Ellipses of equal loss, and the path of the descent", xName: "w₁", yName: "w₂",
      curves: [
        ...Array.from({length: 5}, (_, k) => ({points: all.slice(k * sides, (k + 1) * sides), colour: "var(--mute)", size: 1})),
        {points: path, colour: "var(--red)"},
      ],
      points: [{at: path, colour: "var(--red)", size: steps > 60 ? 2 : 3}, {at: [goal], colour: "var(--blue)", size: 5, isHollow: true}],
    });
    const [mx, my, sx, sy, r] = moments, [large, small] = curvature, kappa = large / small, number = v => v >= 100 ? Math.round(v).toLocaleString("en") : String(+v.toPrecision(2));
    const last = losses.at(-1), far = !Number.isFinite(last) || last > 1e6;
    told.textContent = `Means ${fixed(mx)} and ${fixed(my)}, deviations ${fixed(sx)} and ${fixed(sy)}, correlation ${fixed(r)}; κ = ${number(kappa)}. ${
      !steps ? "Play, or press the full stop for a step." : far ? `${counted(steps, "step")}: it diverges.` : `${counted(steps, "step")}, loss ${last === 0 ? "0" : last < .001 ? scientific(last) : fixed(last, 3)}${
        arrival ? `; a thousandth of the first after ${arrival}` : ""}.`}`;
    Object.assign(panel.section.dataset, {steps, kappa, arrival, correlation: r, loss: last ?? ""});
  };
  const begin = async () => {
    const {seed, along, across, turn, x, y, method} = state;
    [raw, prepared, moments, curvature, rings] = await panel.ask("prepare", [seed, along, across, turn, x, y, method]);
    [path, losses, arrival] = [[[0, 0]], [], 0];
    show();
  };
  const step = async () => {
    const [weights, more, [reached]] = await panel.ask("descend", [state.speed, state.rate]);
    path.push(...pairs(weights));
    losses.push(...more);
    arrival = reached;
    show();
    if (arrival || losses.at(-1) > 1e12) stop();
  };
  const controls = new Controls(panel, async name => {
    if (["rate", "speed"].includes(name)) return;
    stop();
    await begin();
  });
  const {stop} = controls.transport(step, begin);
  controls.choice("method", "prepared", methods);
  controls.slider("along", "stretch", .2, 3, .05, value => fixed(value));
  controls.slider("across", "across", .1, 2, .05, value => fixed(value));
  controls.slider("turn", "turn", -90, 90, 1, value => `${String(value).replace("-", "−")}°`);
  const x = controls.slider("x", "shift x₁", -5, 7, .1, value => fixed(value, 1)), y = controls.slider("y", "shift x₂", -5, 7, .1, value => fixed(value, 1));
  controls.slider("rate", "rate, of 2/λmax", .05, 1.1, .05, value => fixed(value));
  controls.slider("speed", "steps a frame", 1, 20);
  controls.slider("seed", "seed", 1, 20);
  dragged(cloud, "The cloud’s middle", () => [state.x, state.y], async (a, b) => {
    stop();
    x.put(a);
    y.put(b);
    await begin();
  });
  await begin();
};
