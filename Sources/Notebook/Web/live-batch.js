// Chapter 5: a batch to edit, and its first image after five norms.

draw.batch = async panel => {
  // The pixels that were raised or lowered, `place.steps` each, and the norm whose averages are marked.
  const state = panel.starting({edits: "", marks: 0, speed: 4});
  const most = 4, channels = 4, size = 64, edits = new Float32Array(most * size);
  for (const [, place, steps] of state.edits.matchAll(/(\d+)\.(-?\d+)/g)) {
    if (place < edits.length) edits[place] = 2 * steps;
  }
  const board = make("div", "batch-board"), inputs = make("div", "batch-inputs"), outputs = make("div", "batch-outputs"), told = make("p", "told");
  const row = (home, title, strong) => {
    const line = make("div", "batch-row" + (strong ? " strong" : ""));
    const canvases = Array.from({length: channels}, () => {
      const canvas = make("canvas", "map");
      canvas.width = canvas.height = 4;
      return canvas;
    });
    // Each map of the batch in a box with the colour and the letter of the set over which it is averaged.
    const boxes = canvases.map(canvas => {
      const box = make("div", "averaged");
      box.append(canvas, make("b"));
      return box;
    });
    const says = make("span", "says");
    line.append(make("span", "part-name", title), ...home === inputs ? boxes : canvases, says);
    home.append(line);
    return {line, canvases, boxes, says};
  };
  const marked = make("p", "part-name marked");
  part(board, "the batch, four channels each: press a pixel to raise it, with shift to lower it", inputs);
  part(board, "image 1 after each norm, and how far its neighbours have moved it", outputs);
  const images = Array.from({length: most}, (_, k) => row(inputs, `image ${k + 1}`, !k));
  const names = ["batch, training", "batch, test", "layer", "instance", "group"], norms = names.map(name => row(outputs, name));
  board.firstChild.append(marked);
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  // Maps with the same letter share a mean and a deviation.
  const markSets = () => {
    const groups = [1, 2, 4][state.groups], count = state.images;
    const [name, set, holds] = [
      ["Batch norm", (_, c) => c, count], ["Layer norm", n => n, channels],
      ["Instance norm", (n, c) => channels * n + c, 1],
      ["Group norm", (n, c) => groups * n + Math.floor(c * groups / channels), channels / groups],
    ][state.marks];
    const sets = new Set();
    images.forEach(({boxes}, n) => boxes.forEach((box, c) => {
      const own = set(n, c);
      if (n < count) sets.add(own);
      box.dataset.set = own % 4;
      box.lastChild.textContent = String.fromCharCode(65 + own);
    }));
    marked.textContent = `${name}: maps with the same letter are averaged together, `
      + `${counted(holds * 16, "value")} in each of ${counted(sets.size, "set")}.`;
    Object.assign(panel.section.dataset, {sets: sets.size, holds: holds * 16});
  };
  let parts = [];
  const show = () => {
    const moved = parts[6];
    images.forEach(({line, canvases}, k) => {
      line.hidden = k >= state.images;
      if (k < state.images) canvases.forEach((canvas, c) => paint(canvas, parts[0].subarray(k * size + c * 16, k * size + c * 16 + 16), 4, "signed", 4));
    });
    markSets();
    norms.forEach(({line, canvases, says}, n) => {
      canvases.forEach((canvas, c) => paint(canvas, parts[1 + n].subarray(c * 16, c * 16 + 16), 4, "signed", 2.5));
      says.textContent = moved[n] < 1e-6 ? "0" : fixed(moved[n]);
      line.classList.toggle("strong", moved[n] >= 1e-6);
    });
    const movers = names.filter((_, n) => moved[n] >= 1e-6);
    const same = names.flatMap((one, a) => names.slice(a + 1).filter((_, b) => parts[7][names.length * a + a + 1 + b] < 1e-5).map(other => `${one} and ${other}`));
    told.textContent = (movers.length ? `The neighbours change the output of image 1 after: ${movers.join("; ")}.` : "The neighbours are unchanged, or no norm uses them: no output has changed.")
      + (same.length ? ` Equal up to rounding: ${same.join("; ")}.` : "");
    Object.assign(panel.section.dataset, {moved: [...moved].map(v => v.toPrecision(4)), same, images: state.images});
  };
  const compute = onceAFrame(async () => {
    const {seed, images: count, groups, factor, shift} = state;
    parts = await panel.ask("normalize", [seed, count, [1, 2, 4][groups], factor, shift, ...edits]);
    show();
    cursor.tell();
  });
  const place = (map, row, column) => map * 16 + row * 4 + column;
  const cursor = pixelCursor(inputs, images.flatMap(({canvases}) => canvases), {
    across: channels, side: 4, name: "The batch: arrow keys choose a pixel, Enter raises it, with shift lowers it",
    says: (map, row, column) => `Image ${Math.floor(map / channels) + 1}, channel ${map % channels + 1}, `
      + `row ${row + 1}, column ${column + 1}${parts[0] ? `: ${fixed(parts[0][place(map, row, column)])}` : ""}`,
    press: (map, row, column, lowers) => {
      edits[place(map, row, column)] += lowers ? -2 : 2;
      state.edits = [...edits].flatMap((edit, k) => edit ? [`${k}.${edit / 2}`] : []).join(",");
      panel.remember();
      compute();
    },
  });
  const controls = new Controls(panel, name => name === "marks" ? markSets() : compute());
  // The neighbours become brighter, and dark again.
  controls.plays("shift", shift => shift >= 4 ? -4 : shift + .2, compute);
  controls.slider("shift", "neighbours +", -4, 4, .1, value => fixed(value, 1));
  controls.slider("factor", "neighbours ×", 0, 4, .1, value => fixed(value, 1));
  controls.slider("images", "images", 1, 4);
  controls.choice("groups", "groups", ["1", "2", "4"]);
  controls.choice("marks", "averaged by", ["batch norm", "layer norm", "instance norm", "group norm"]);
  controls.slider("seed", "seed", 1, 20);
  whenThemeChanges(panel, show);
  await compute();
};
