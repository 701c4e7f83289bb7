// Chapter 6: one thinned network after the other, their average, and one pass with all units.

draw.thinned = async panel => {
  const state = panel.starting({off: ""}), side = 44, reach = 1.8, means = ["arithmetic", "geometric"];
  let kept = [], errors = [], onePass = 0, last = 0, average = null, count = 0, pictures = [];

  const board = make("div", "thinned-board"), told = make("p", "told"), chart = make("div", "chart"), units = make("div", "thinned-units");
  const planes = ["", "", ""].map(() => {
    const box = make("div", "plane"), canvas = make("canvas"), dots = make("div", "dots");
    canvas.setAttribute("role", "img");
    box.append(canvas, dots);
    return {box, canvas, dots, name: part(board, "", box)};
  });
  part(board, "its units: switch them off and on", units, "thinned-net");
  part(board, "points misclassified by the average (%)", chart, "thinned-errors");
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  const percent = value => `${(100 * value).toFixed(1)}\u00a0%`;
  const show = () => {
    // Nothing is shown before the network has learned.
    if (!pictures.length) return;
    const names = [`one thinned net: ${percent(last)} wrong`, count ? `average of ${count}: ${percent(average)} wrong` : "the average: play", `one pass: ${percent(onePass)} wrong`];
    planes.forEach(({canvas, name}, k) => {
      name.textContent = names[k];
      canvas.setAttribute("aria-label", `The plane as seen by ${names[k]}`);
      paint(canvas, pictures[k], side, "classes");
    });
    [...units.children].forEach((button, k) => button.setAttribute("aria-pressed", kept[k] > 0));
    const values = errors.map(error => 100 * error), level = value => Array(Math.max(2, errors.length)).fill(100 * value);
    lines(chart, {
      series: [...errors.length ? [{name: "average", values, colour: "var(--red)"}] : [], {name: "one pass", values: level(onePass)}],
      label: "The errors of the average by the number of nets, and of one pass", x: "nets drawn", from: 1, low: 0, high: Math.max(5, 110 * onePass, ...values.map(value => 1.1 * value)),
    });
    Object.assign(panel.section.dataset, {nets: count, kept: kept.filter(Boolean).length, average, pass: onePass});
  };
  const tell = (single, apart, which) => {
    const value = apart === 0 ? "0" : apart < .01 ? scientific(apart) : fixed(apart, 2);
    told.textContent = `${which}; one of them has ${percent(single)} wrong on average. None of their probabilities differs from that of one pass by more than ${value}.`;
    Object.assign(panel.section.dataset, {differs: apart, single});
  };
  // Units that the reader switched off are stored in the address until other units are drawn.
  const switchedOff = units => {
    const off = units.flatMap((on, k) => on ? [] : [k + 1]).join(".");
    if (off === state.off) return;
    state.off = off;
    panel.remember();
  };
  const begin = async (off = "") => {
    const {seed, units: number, rate, noise} = state;
    const [points, classes, field, [error]] = await panel.ask("begin", [seed, number, rate, noise, 600, side]);
    [kept, errors, onePass, last, average, count, pictures] = [Array(number).fill(1), [], error, error, null, 0, [field, new Float32Array(side * side).fill(.5), field]];
    planes.forEach(({dots}) => dotted(dots, points, classes, reach, 1.1));
    units.replaceChildren(...kept.map((_, k) => {
      const button = make("button", "", k + 1);
      button.type = "button";
      button.setAttribute("aria-label", `unit ${k + 1}`);
      button.addEventListener("click", () => thin(k));
      return button;
    }));
    const nets = 2 ** number;
    told.textContent = `${number} units make ${nets.toLocaleString("en")} thinned nets; each unit is dropped with p = ${fixed(rate)}.`;
    ["differs", "single"].forEach(key => delete panel.section.dataset[key]);
    kept = kept.map((_, k) => off.split(".").includes(String(k + 1)) ? 0 : 1);
    switchedOff(kept);
    if (kept.includes(0)) [pictures[0], [last]] = await panel.ask("thin", kept);
    show();
  };
  const thin = async unit => {
    stop();
    kept[unit] = kept[unit] ? 0 : 1;
    switchedOff(kept);
    [pictures[0], [last]] = await panel.ask("thin", kept);
    show();
  };
  const take = ([units, picture, [error], mean, [wrong, nets, single, apart]], which) => {
    [kept, last, average, count] = [[...units], error, wrong, nets];
    if (state.off) switchedOff([]);
    [pictures[0], pictures[1]] = [picture, mean];
    tell(single, apart, which(nets));
    show();
  };
  const step = async () => {
    let parts;
    for (let k = 0; k < state.speed; k++) {
      parts = await panel.ask("draw", [1]);
      errors.push(parts[4][0]);
    }
    take(parts, nets => `${counted(nets, "net")} drawn`);
    if (count >= 500) stop();
  };
  const averageAll = async () => {
    stop();
    take(await panel.ask("all", [state.mean]), nets => `All ${counted(nets, "net")}, their ${means[state.mean]} mean`);
  };
  const controls = new Controls(panel, async name => {
    if (name === "speed") return;
    if (name === "mean") return averageAll();
    stop();
    await begin();
  });
  const {stop} = controls.transport(step, () => begin());
  controls.button("average all", averageAll, "a");
  controls.choice("mean", "mean of all", means);
  controls.slider("units", "units", 1, 10);
  controls.slider("rate", "dropped, p", 0, .8, .05, value => fixed(value));
  controls.slider("noise", "noise", 0, .4, .01, value => fixed(value));
  controls.slider("speed", "nets a frame", 1, 20);
  controls.slider("seed", "seed", 1, 20);
  whenThemeChanges(panel, show);
  await begin(state.off);
};
