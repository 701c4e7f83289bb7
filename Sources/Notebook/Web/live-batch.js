// Chapter 5: a batch to edit, and its first image behind five norms.

draw.batch = async panel => {
  const {state} = panel, most = 4, channels = 4, size = 64, edits = new Float32Array(most * size);
  const board = make("div", "batch-board"), inputs = make("div", "batch-inputs"), outputs = make("div", "batch-outputs"), told = make("p", "told");
  const row = (home, title, strong) => {
    const line = make("div", "batch-row" + (strong ? " strong" : ""));
    const canvases = Array.from({length: channels}, () => {
      const canvas = make("canvas", "map");
      canvas.width = canvas.height = 4;
      return canvas;
    });
    const says = make("span", "says");
    line.append(make("span", "part-name", title), ...canvases, says);
    home.append(line);
    return {line, canvases, says};
  };
  inputs.append(make("p", "part-name", "the batch, four channels each: press a pixel to raise it, with shift to lower it"));
  outputs.append(make("p", "part-name", "image 1 behind each norm, and how far its neighbours have moved it"));
  const images = Array.from({length: most}, (_, k) => row(inputs, `image ${k + 1}`, !k));
  const names = ["batch, training", "batch, test", "layer", "instance", "group"], norms = names.map(name => row(outputs, name));
  board.append(inputs, outputs);
  told.setAttribute("role", "status");
  panel.stage.append(board, told);

  let parts = [];
  const show = () => {
    const moved = parts[6];
    images.forEach(({line, canvases}, k) => {
      line.hidden = k >= state.images;
      if (k < state.images) canvases.forEach((canvas, c) => paint(canvas, parts[0].subarray(k * size + c * 16, k * size + c * 16 + 16), 4, "signed", 4));
    });
    norms.forEach(({line, canvases, says}, n) => {
      canvases.forEach((canvas, c) => paint(canvas, parts[1 + n].subarray(c * 16, c * 16 + 16), 4, "signed", 2.5));
      says.textContent = moved[n] < 1e-6 ? "0" : fixed(moved[n]);
      line.classList.toggle("strong", moved[n] >= 1e-6);
    });
    const movers = names.filter((_, n) => moved[n] >= 1e-6);
    const same = names.flatMap((one, a) => names.slice(a + 1).filter((_, b) => parts[7][names.length * a + a + 1 + b] < 1e-5).map(other => `${one} and ${other}`));
    told.textContent = (movers.length ? `The neighbours move the output of image 1 behind: ${movers.join("; ")}.` : "The neighbours are untouched, or nobody asks them: no output has moved.")
      + (same.length ? ` The same to the last digits: ${same.join("; ")}.` : "");
    Object.assign(panel.section.dataset, {moved: [...moved].map(v => v.toPrecision(4)), same, images: state.images});
  };
  const compute = onceAFrame(async () => {
    const {seed, images: count, groups, factor, shift} = state;
    parts = await panel.ask("normalize", [seed, count, [1, 2, 4][groups], factor, shift, ...edits]);
    show();
  });
  images.forEach(({canvases}, k) => canvases.forEach((canvas, c) => {
    const press = event => {
      const box = canvas.getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top].map((v, axis) => Math.floor(4 * v / (axis ? box.height : box.width)));
      if (x < 0 || y < 0 || x > 3 || y > 3) return;
      edits[k * size + c * 16 + y * 4 + x] += event.shiftKey ? -2 : 2;
      compute();
    };
    canvas.addEventListener("pointerdown", event => {
      event.preventDefault();
      press(event);
    });
  }));
  const controls = new Controls(panel, compute);
  // The neighbours grow brighter, and dark again.
  const step = async () => {
    shift.put(state.shift >= 4 ? -4 : state.shift + .2);
    await compute();
    await pause(60);
  };
  controls.transport(step, () => panel.restart());
  const shift = controls.slider("shift", "neighbours +", -4, 4, .1, value => fixed(value, 1));
  controls.slider("factor", "neighbours ×", 0, 4, .1, value => fixed(value, 1));
  controls.slider("images", "images", 1, 4);
  controls.choice("groups", "groups", ["1", "2", "4"]);
  controls.slider("seed", "seed", 1, 20);
  whenThemeChanges(panel, show);
  await compute();
};
