// Chapter 9: the window. An image to edit, a kernel to type, and the output that fills as the window goes.

draw.window = async panel => {
  const {state} = panel, side = 7;
  const kernels = {
    edge: [-1, 0, 1, -2, 0, 2, -1, 0, 1], blur: [1, 1, 1, 1, 1, 1, 1, 1, 1].map(v => v / 9),
    sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0], corner: [1, -1, 0, -1, 1, 0, 0, 0, 0],
  };
  const names = Object.keys(kernels);
  let kernel = [...kernels[names[state.kernel] || "edge"]];
  const image = Float32Array.from({length: side * side}, (_, k) => [2, 3].includes(k % side) || k >= 4 * side && k < 5 * side ? 1 : 0);
  let output = [], size = [0, 0], taps = [], filled = -1;

  const board = make("div", "window-board"), parts = {};
  for (const part of ["image", "kernel", "products", "output"]) {
    const box = make("div", "window-part");
    box.append(make("p", "part-name", part), parts[part] = make("div", "cells"));
    if (part !== "image") board.append(make("p", "sign", {kernel: "×", products: "=", output: "Σ"}[part]));
    board.append(box);
  }
  const frame = make("div", "window-frame");
  parts.image.after(frame);
  const sentence = make("p", "sum");
  sentence.setAttribute("aria-live", "polite");
  panel.stage.append(board, sentence);

  const grid = (home, columns, values, cell) => {
    home.style.setProperty("--columns", columns);
    home.style.setProperty("--rows", Math.ceil(values.length / columns));
    if (home.children.length !== values.length) {
      home.replaceChildren(...[...values].map((_, k) => {
        const element = make(home === parts.kernel ? "input" : "button", "cell");
        element.type = home === parts.kernel ? "text" : "button";
        element.dataset.k = k;
        if (home !== parts.kernel) element.tabIndex = -1;
        return element;
      }));
    }
    [...home.children].forEach((element, k) => cell(element, values[k], k));
  };
  const number = value => Number.isInteger(+value.toFixed(3)) ? fixed(value, 0) : fixed(value, 2);
  // A number's share of the strong colour, pale enough for digits on it: orange above 0, blue below.
  const tint = (element, value, top) => {
    element.style.setProperty("--share", `${Math.round(32 * Math.min(1, Math.abs(value) / (top || 1)))}%`);
    element.style.setProperty("--tone", `var(--${value < 0 ? "blue" : "red"})`);
  };

  const show = () => {
    const pad = state.padding, wide = side + 2 * pad;
    const chosen = new Set(taps.map(t => `${t[0]},${t[1]}`)), span = state.dilation * (state.side - 1) + 1;
    for (const [name, value] of [["row", state.row * state.stride], ["column", state.column * state.stride], ["span", span], ["high", wide]]) {
      frame.style.setProperty(`--${name}`, value);
    }
    frame.hidden = !taps.length;
    grid(parts.image, wide, Array.from({length: wide * wide}), (element, _, k) => {
      const y = Math.floor(k / wide) - pad, x = k % wide - pad, isBorder = y < 0 || x < 0 || y >= side || x >= side;
      const value = isBorder ? 0 : image[y * side + x];
      element.textContent = number(value);
      element.classList.toggle("border", isBorder);
      element.classList.toggle("under", state.dilation > 1 && chosen.has(`${y},${x}`));
      element.style.setProperty("--share", `${Math.round(40 * value)}%`);
      element.style.setProperty("--tone", "var(--mute)");
      element.setAttribute("aria-label", `pixel ${y}, ${x}: ${number(value)}`);
    });
    const top = Math.max(...kernel.map(Math.abs));
    grid(parts.kernel, state.side, kernel, (element, value, k) => {
      if (document.activeElement !== element) element.value = number(value);
      element.setAttribute("aria-label", `weight ${Math.floor(k / state.side)}, ${k % state.side}`);
      tint(element, value, top);
    });
    grid(parts.products, state.side, taps.map(t => t[4]), (element, value) => {
      element.textContent = number(value);
      element.classList.toggle("nil", value === 0);
      tint(element, value, top);
    });
    const largest = Math.max(...output.map(Math.abs), 1e-9);
    grid(parts.output, size[1] || 1, output, (element, value, k) => {
      const isShown = k <= filled;
      element.textContent = isShown ? number(value) : "";
      tint(element, isShown ? value : 0, largest);
      element.classList.toggle("here", k === state.row * size[1] + state.column);
      element.setAttribute("aria-label", `output ${Math.floor(k / size[1])}, ${k % size[1]}: ${number(value)}`);
    });
    Object.assign(panel.section.dataset, {height: size[0], width: size[1], outputs: output.map(v => +v.toFixed(4))});
    if (!output.length) {
      sentence.textContent = "The window fits nowhere: padding or a smaller spread would make room.";
      return;
    }
    const terms = taps.filter(t => t[4]).map(t => `${number(t[2])}·${t[3] < 0 ? `(${number(t[3])})` : number(t[3])}`);
    const sum = taps.reduce((total, t) => total + t[4], 0);
    sentence.textContent = `${taps.length} products, one sum: ${terms.join(" + ") || "all of them 0"} = ${number(sum)}. `
      + `Output ${size[0]}×${size[1]}: ⌊(${side} + 2·${pad} − ${span})/${state.stride}⌋ + 1 = ${size[0]}.`;
  };

  const compute = async () => {
    const {side: k, stride, padding, dilation, row, column} = state;
    const parts = await panel.ask("slide", [side, side, k, stride, padding, dilation, row, column, ...image, ...kernel]);
    size = [...parts[0]];
    output = [...parts[1]];
    [state.row, state.column] = parts[2];
    taps = Array.from({length: parts[3].length / 5}, (_, t) => parts[3].slice(5 * t, 5 * t + 5));
    filled = Math.max(filled, state.row * size[1] + state.column);
    show();
  };
  const moveTo = async (row, column) => {
    [state.row, state.column] = [Math.max(0, Math.min(size[0] - 1, row)), Math.max(0, Math.min(size[1] - 1, column))];
    panel.remember();
    await compute();
  };

  const controls = new Controls(panel, async name => {
    if (name === "kernel") {
      kernel = [...kernels[names[state.kernel]]];
      sideSlider.put(3);
    }
    if (name === "side") kernel = Array.from({length: state.side ** 2}, () => +(1 / state.side ** 2).toFixed(3));
    filled = -1;
    await compute();
    filled = Math.max(filled, output.length - 1);
    show();
  });
  controls.transport(async () => {
    const k = state.row * size[1] + state.column + 1;
    if (k >= output.length) filled = -1;
    await moveTo(Math.floor(k % output.length / size[1]), k % size[1]);
    await pause(700 / state.speed);
  }, async () => {
    filled = -1;
    await moveTo(0, 0);
  });
  controls.button("empty the image", async () => {
    image.fill(0);
    await compute();
  }, "e");
  controls.slider("speed", "speed", 1, 8, 1, value => `${value}×`);
  const sideSlider = controls.slider("side", "kernel", 1, 5, 1, value => `${value}×${value}`);
  controls.slider("stride", "stride", 1, 3);
  controls.slider("padding", "padding", 0, 2);
  controls.slider("dilation", "dilation", 1, 3);
  controls.choice("kernel", "weights", names);

  parts.kernel.addEventListener("input", event => {
    const value = parseFloat(event.target.value.replace("−", "-").replace(",", "."));
    if (!Number.isFinite(value)) return;
    kernel[event.target.dataset.k] = value;
    compute();
  });

  // A press flips a pixel, a pull moves the window: it was the window if the pointer left its cell.
  const place = cell => {
    const k = +cell.dataset.k, wide = side + 2 * state.padding;
    return [Math.floor(k / wide) - state.padding, k % wide - state.padding];
  };
  let from = null;
  const under = event => document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".cell");
  parts.image.addEventListener("pointerdown", event => {
    const cell = event.target.closest(".cell");
    if (cell) from = {cell, row: state.row, column: state.column, moved: false};
  });
  const {signal} = panel.drawn;
  addEventListener("pointermove", event => {
    if (!from) return;
    const cell = under(event);
    if (!cell || cell.parentNode !== parts.image || cell === from.cell && !from.moved) return;
    from.moved = true;
    const [y, x] = place(cell), [y0, x0] = place(from.cell);
    moveTo(from.row + Math.round((y - y0) / state.stride), from.column + Math.round((x - x0) / state.stride));
  }, {signal});
  const flip = cell => {
    const [y, x] = place(cell);
    if (y < 0 || x < 0 || y >= side || x >= side) return;
    image[y * side + x] = image[y * side + x] ? 0 : 1;
    compute();
  };
  addEventListener("pointerup", () => {
    if (from && !from.moved) flip(from.cell);
    from = null;
  }, {signal});
  parts.output.addEventListener("pointerover", event => {
    const k = event.target.dataset?.k;
    if (k != null) moveTo(Math.floor(k / size[1]), k % size[1]);
  });
  // Arrows move the window; Enter flips the pixel in its middle.
  panel.listen("keydown", event => {
    const step = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
    if (event.key === "Enter" && event.target === panel.section && taps.length) {
      const [y, x] = taps[taps.length >> 1];
      flip(parts.image.children[(y + state.padding) * (side + 2 * state.padding) + x + state.padding]);
    }
    if (!step || event.target.matches("input")) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo(state.row + step[0], state.column + step[1]);
  });
  await compute();
  filled = output.length - 1;
  show();
};
