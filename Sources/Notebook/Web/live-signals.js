// Chapter 4: histograms of every layer, forward and backward, for different weights, activations, widths and depths.

draw.signals = async panel => {
  const state = panel.starting({speed: 2}), bins = 41;
  const board = make("div", "signals-board"), chart = make("div", "chart"), told = make("p", "told");
  panel.stage.append(chart, board, told);

  const compute = onceAFrame(async () => {
    const {seed, depth, width, activation, start, deviation} = state;
    const [summaries, outputs, spreads, gradients, [weights, reach]] =
      await panel.ask("measure", [seed, depth, width, activation, start, 10 ** deviation]);
    const rows = Array.from({length: depth}, (_, k) => ({
      mean: summaries[4 * k], spread: summaries[4 * k + 1], zeros: summaries[4 * k + 2], ends: summaries[4 * k + 3],
      output: outputs.slice(bins * k, bins * k + bins), gradient: gradients.slice(bins * k, bins * k + bins), back: spreads[k],
    }));
    const number = value => value === 0 ? "0" : value < .001 || value >= 1000 ? scientific(value) : value.toPrecision(2);
    board.replaceChildren(...rows.map((row, k) => {
      const box = make("div", "layer"), forward = make("div", "shape"), back = make("div", "shape");
      histogram(forward, {values: row.output});
      histogram(back, {values: row.gradient, colour: "var(--red)"});
      box.append(make("p", "part-name", `layer ${k + 1}`), forward, make("p", "number", number(row.spread)
        + (activation === 1 ? `, ${Math.round(100 * row.zeros)} % at 0` : row.ends > .005 ? `, ${Math.round(100 * row.ends)} % at the ends` : "")),
        back, make("p", "number back", number(row.back)));
      return box;
    }));
    lines(chart, {
      series: [
        {name: "outputs", values: rows.map(row => row.spread)},
        {name: "gradients", values: rows.map(row => row.back), colour: "var(--red)"},
      ],
      label: "Standard deviation of outputs and gradients by layer", x: "layer", from: 1, isLog: true,
      low: Math.max(1e-12, Math.min(.1, ...rows.flatMap(row => [row.spread, row.back]))), high: Math.max(2, ...rows.flatMap(row => [row.spread, row.back])),
    });
    told.textContent = `Weights with a deviation of ${number(weights)}; outputs drawn from ${activation === 0 || activation === 2 ? "−1 to 1" : `−${reach} to ${reach}`}, gradients over ±3 of their own deviations. ${Math.round(panel.took)} ms.`;
    Object.assign(panel.section.dataset, {first: rows[0].spread, last: rows.at(-1).spread, back: rows[0].back, ends: rows.at(-1).ends, zeros: rows.at(-1).zeros});
  });
  const controls = new Controls(panel, compute);
  controls.redraws(compute);
  controls.choice("activation", "activation", ["tanh", "ReLU", "sigmoid", "none"]);
  const pick = controls.choice("start", "weights", ["own", "LeCun", "Xavier", "He"]);
  controls.slider("deviation", "their deviation", -3, .5, .05, value => (10 ** value).toPrecision(2)).addEventListener("input", () => {
    state.start = 0;
    pick(0);
  });
  controls.slider("width", "width", 8, 256, 8);
  controls.slider("depth", "depth", 2, 12);
  controls.slider("seed", "seed", 1, 20);
  await compute();
};
