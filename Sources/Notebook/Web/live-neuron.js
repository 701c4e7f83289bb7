// Chapter 8: a neuron with a badly wrong output, with squared error and with cross-entropy: its state and its learning.

draw.neuron = async panel => {
  const {state} = panel, colours = ["var(--blue)", "var(--red)"], names = ["squared error", "cross-entropy"], count = 60;
  let pushes = [[], []], now = [], answers = [[], []], losses = [[], []], arrivals = [0, 0];

  const board = make("div", "neuron-board"), push = make("div", "chart push"), answer = make("div", "chart"), loss = make("div", "chart");
  part(board, "the push on z, by the answer ŷ: drag it", push, "neuron-push");
  part(board, "the answer ŷ, step by step", answer);
  part(board, "the loss, step by step", loss);
  const told = make("p", "told");
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const show = () => {
    const {target} = state, steps = answers[0].length - 1;
    graph(push, {
      x: [0, 1], y: [target ? -1 : 0, target < 1 ? 1 : 0], label: `The push of both losses by the answer, target ${target}`, xName: "answer ŷ", yName: "push", tall: width => width > 300 ? 404 : 220,
      curves: pushes.map((values, k) => ({points: [...values].map((value, j) => [(j + 1) / count, value]), colour: colours[k]})),
      points: [0, 1].map(k => ({at: [[now[k][0], now[k][2]]], colour: colours[k], size: 6})),
    });
    const series = values => names.map((name, k) => ({name: ["squared", "entropy"][k], values: values[k], colour: colours[k]}));
    lines(answer, {series: series(answers), label: "The answer of both neurons by the step", x: counted(steps, "step"), low: 0, high: 1});
    lines(loss, {series: series(losses), label: "The loss of both neurons by the step", x: counted(steps, "step"), low: 0});
    const place = k => `ŷ = ${fixed(now[k][0], 4)}, push ${fixed(now[k][2], 3)}, loss ${fixed(now[k][1], 3)}`;
    const [[y, , p], , [slope]] = now;
    told.textContent = steps === 0
      ? `ŷ = ${fixed(y, 4)}: error ${fixed(y - target, 3)} × slope ${fixed(slope, 3)} = push ${fixed(p, 4)} with squared error; with cross-entropy the push is the error itself.`
      : `Squared error: ${place(0)}${arrivals[0] ? `; within 0.2 of the target after ${counted(arrivals[0], "step")}` : ""}. Cross-entropy: ${place(1)}${arrivals[1] ? `; after ${counted(arrivals[1], "step")}` : ""}.`;
    Object.assign(panel.section.dataset, {steps, answer: y, push: p, other: now[1][2], arrivals});
  };
  const begin = async () => {
    const {weight, bias, target} = state;
    [now, pushes] = await Promise.all([panel.ask("begin", [weight, bias, target]), panel.ask("curves", [target, count])]);
    [answers, losses, arrivals] = [[[now[0][0]], [now[1][0]]], [[now[0][1]], [now[1][1]]], [0, 0]];
    show();
  };
  const step = async () => {
    const [first, second, one, two, reached] = await panel.ask("train", [state.speed, state.rate]);
    answers[0].push(...first);
    answers[1].push(...second);
    losses[0].push(...one);
    losses[1].push(...two);
    arrivals = [...reached];
    now = await panel.ask("look");
    show();
  };
  const controls = new Controls(panel, async name => {
    if (["rate", "speed"].includes(name)) return;
    stop();
    await begin();
  });
  const {stop} = controls.transport(step, begin);
  const setBias = async value => {
    stop();
    bias.put(value);
    await begin();
  };
  controls.button("largest push", async () => {
    const [[value]] = await panel.ask("largest", [state.weight, state.target]);
    await setBias(value);
  }, "l");
  controls.slider("weight", "w", -4, 4, .1, value => fixed(value, 1));
  // Any number, because 2/3 is not a multiple of a step.
  const bias = controls.slider("bias", "b", -8, 8, "any", value => fixed(value));
  controls.slider("target", "target", 0, 1, .1, value => fixed(value, 1));
  controls.slider("rate", "rate η", .05, 3, .05, value => fixed(value));
  controls.slider("speed", "steps a frame", 1, 20);
  dragged(push, "The answer ŷ", () => [now[0][0], now[0][2]], async x => {
    const [[value]] = await panel.ask("bias", [state.weight, state.target, x]);
    await setBias(value);
  });
  await begin();
};
