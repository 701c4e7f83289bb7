// Chapter 9: the window. An image and a kernel to edit, and the output that is computed as the window moves.

// Kernels by name, for each size; larger kernels contain those of 3×3 surrounded by zeros.
const namedKernels = {
  edge: {1: [1], 2: [-1, 1, -1, 1], 3: [-1, 0, 1, -2, 0, 2, -1, 0, 1]},
  blur: {},
  sharpen: {1: [1], 2: [3, -1, -1, 0], 3: [0, -1, 0, -1, 5, -1, 0, -1, 0]},
  corner: {1: [1], 2: [1, -1, -1, 1], 3: [1, -1, 0, -1, 1, 0, 0, 0, 0]},
};
// A kernel of another size: its centre remains the centre, and new weights are 0.
const resized = (weights, from, to) => {
  const shift = Math.floor((from - to) / 2);
  return Array.from({length: to * to}, (_, k) => {
    const [i, j] = [Math.floor(k / to) + shift, k % to + shift];
    return i < 0 || j < 0 || i >= from || j >= from ? 0 : weights[i * from + j];
  });
};
const kernelNamed = (name, side) => name === "blur" ? Array(side * side).fill(1 / side ** 2)
  : namedKernels[name][side] ? [...namedKernels[name][side]] : resized(namedKernels[name][3], 3, side);

draw.window = async panel => {
  // Flipped pixels as one number with one bit each, in base 36; weights as they were typed.
  const state = panel.starting({flips: "", weights: ""}), side = 7;
  const names = Object.keys(namedKernels), own = names.length;
  const isLine = k => [2, 3].includes(k % side) || Math.floor(k / side) === 4;
  const start = Array.from({length: side * side}, (_, k) => isLine(k) ? 1 : 0);
  const flipped = Array.from({length: side * side}, () => 0);
  if (/^[0-9a-z]{1,10}$/.test(state.flips)) {
    // 49 bits fit in a number, which has 53.
    const bits = parseInt(state.flips, 36).toString(2).padStart(side * side, "0").slice(-side * side);
    flipped.forEach((_, k) => flipped[k] = +bits[k]);
  }
  const image = () => start.map((value, k) => flipped[k] ? 1 - value : value);
  let kernel = [], output = [], size = [0, 0], taps = [], filled = -1, cursor = 3 * side + 3, complaint = "";

  const board = make("div", "window-board"), parts = {};
  for (const part of ["image", "kernel", "products", "output"]) {
    const box = make("div", `window-part ${part}-part`);
    box.append(make("p", "part-name", part), parts[part] = make("div", "cells"));
    if (part === "output") board.append(make("span", "line-end"));
    const sign = {kernel: "×", products: "=", output: "Σ"}[part];
    if (sign) board.append(make("p", `sign before-${part}`, sign));
    board.append(box);
    parts[part].setAttribute("role", "group");
  }
  parts.image.setAttribute("aria-label", "Image: arrow keys go from pixel to pixel, Enter flips one");
  parts.kernel.setAttribute("aria-label", "Kernel: weights to type");
  parts.products.setAttribute("aria-label", "Products");
  parts.output.setAttribute("aria-label", "Output: arrow keys move the window");
  const frame = make("div", "window-frame"), thread = make("div", "window-thread");
  parts.image.after(frame);
  board.append(thread);
  const sentence = make("p", "sum");
  sentence.setAttribute("aria-live", "polite");
  panel.stage.append(board, sentence);

  const grid = (home, columns, values, cell) => {
    home.style.setProperty("--columns", columns);
    home.style.setProperty("--rows", Math.ceil(values.length / columns));
    if (home.children.length !== values.length) {
      home.replaceChildren(...[...values].map((_, k) => {
        const element = make(home === parts.kernel ? "input" : home === parts.products ? "div" : "button", "cell");
        if (home !== parts.products) element.type = home === parts.kernel ? "text" : "button";
        element.dataset.k = k;
        if (home === parts.kernel) Object.assign(element, {autocomplete: "off", inputMode: "text"});
        return element;
      }));
    }
    [...home.children].forEach((element, k) => cell(element, values[k], k));
  };
  const number = value => Number.isInteger(+value.toFixed(3)) ? fixed(value, 0) : fixed(value, 2);
  // A tint whose strength depends on a number, pale enough for digits on it: orange above 0, blue below.
  const tint = (element, value, top) => {
    element.style.setProperty("--share", `${Math.round(32 * Math.min(1, Math.abs(value) / (top || 1)))}%`);
    element.style.setProperty("--tone", `var(--${value < 0 ? "blue" : "red"})`);
  };

  // The dashed line from the window to the output number.
  const drawThread = () => later(thread, () => {
    const here = $(".here", parts.output);
    if (!here || frame.hidden) return "";
    const outer = board.getBoundingClientRect();
    const [a, b] = [frame, here].map(e => e.getBoundingClientRect()).map(r => ({
      left: r.left - outer.left, right: r.right - outer.left, top: r.top - outer.top, bottom: r.bottom - outer.top,
    }));
    const [x, y] = [(b.left + b.right) / 2, b.bottom];
    // It passes below the elements between the window and the output, or around them if the output is below, as on a
    // phone.
    const start = `M${a.right} ${(a.top + a.bottom) / 2}`, low = outer.height + 6, right = outer.width + 40;
    const path = b.left > a.right ? `${start}C${a.right + 30} ${low} ${x - 30} ${low} ${x} ${y}`
      : `${start}C${right} ${a.bottom} ${right} ${b.top} ${b.right} ${(b.top + b.bottom) / 2}`;
    return `<svg width="${outer.width}" height="${outer.height}" aria-hidden="true"><path d="${path}"/></svg>`;
  });

  const show = () => {
    const pad = state.padding, wide = side + 2 * pad, pixels = image();
    const chosen = new Set(taps.map(t => `${t[0]},${t[1]}`)), span = state.dilation * (state.side - 1) + 1;
    for (const [name, value] of [["row", state.row * state.stride], ["column", state.column * state.stride], ["span", span], ["high", wide]]) {
      frame.style.setProperty(`--${name}`, value);
    }
    frame.hidden = !taps.length;
    // If the four parts do not fit side by side, the output is below the kernel and the products.
    board.classList.toggle("stacked", wide + 2 * state.side + Math.max(1, size[1]) > 20);
    grid(parts.image, wide, Array.from({length: wide * wide}), (element, _, k) => {
      const y = Math.floor(k / wide) - pad, x = k % wide - pad, isBorder = y < 0 || x < 0 || y >= side || x >= side;
      const value = isBorder ? 0 : pixels[y * side + x];
      element.textContent = number(value);
      element.disabled = isBorder;
      element.tabIndex = !isBorder && y * side + x === cursor ? 0 : -1;
      element.classList.toggle("border", isBorder);
      element.classList.toggle("under", state.dilation > 1 && chosen.has(`${y},${x}`));
      element.style.setProperty("--share", `${Math.round(40 * value)}%`);
      element.style.setProperty("--tone", "var(--mute)");
      element.setAttribute("aria-label", `pixel ${y}, ${x}: ${number(value)}`);
    });
    const top = Math.max(...kernel.map(Math.abs));
    grid(parts.kernel, state.side, kernel, (element, value, k) => {
      if (document.activeElement !== element) {
        element.value = number(value);
        element.removeAttribute("aria-invalid");
      }
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
      const isShown = k <= filled, isHere = k === state.row * size[1] + state.column;
      element.textContent = isShown ? number(value) : "";
      tint(element, isShown ? value : 0, largest);
      element.classList.toggle("here", isHere);
      element.tabIndex = isHere ? 0 : -1;
      element.setAttribute("aria-label", `output ${Math.floor(k / size[1])}, ${k % size[1]}: ${number(value)}`);
    });
    drawThread();
    Object.assign(panel.section.dataset, {
      height: size[0], width: size[1], outputs: output.map(v => +v.toFixed(4)), weights: kernel.length,
    });
    if (complaint) {
      sentence.textContent = complaint;
      return;
    }
    if (!output.length) {
      sentence.textContent = "The window fits nowhere: padding or a smaller spread would make room.";
      return;
    }
    // Up to nine products are written out; with more, those equal to 0 are omitted, with a note.
    const term = t => `${number(t[2])}·${t[3] < 0 ? `(${number(t[3])})` : number(t[3])}`;
    const terms = (taps.length > 9 ? taps.filter(t => t[4]) : taps).map(term);
    const sum = output[state.row * size[1] + state.column], left = taps.length - terms.length;
    sentence.textContent = `${counted(taps.length, "product")}, one sum: ${terms.join(" + ") || "all of them 0"} = ${number(sum)}${
      left && terms.length ? `; ${left} of them are 0 and left out here` : ""}. `
      + `Output ${size[0]}×${size[1]}: ⌊(${side} + 2·${pad} − ${span})/${state.stride}⌋ + 1 = ${size[0]}.`;
  };

  const compute = async () => {
    const {side: k, stride, padding, dilation, row, column} = state;
    const parts = await panel.ask("slide", [side, side, k, stride, padding, dilation, row, column, ...image(), ...kernel]);
    size = [...parts[0]];
    output = [...parts[1]];
    [state.row, state.column] = parts[2];
    taps = Array.from({length: parts[3].length / 5}, (_, t) => parts[3].slice(5 * t, 5 * t + 5));
    filled = Math.max(filled, state.row * size[1] + state.column);
    show();
  };
  const whole = async () => {
    filled = -1;
    await compute();
    filled = Math.max(filled, output.length - 1);
    show();
  };
  const moveTo = async (row, column) => {
    [state.row, state.column] = [Math.max(0, Math.min(size[0] - 1, row)), Math.max(0, Math.min(size[1] - 1, column))];
    panel.remember();
    await compute();
  };
  const keep = () => {
    const bits = parseInt(flipped.join(""), 2);
    state.flips = bits ? bits.toString(36) : "";
    state.weights = state.kernel === own ? kernel.map(value => +value.toPrecision(6)).join(",") : "";
    panel.remember();
  };

  const controls = new Controls(panel, async name => {
    complaint = "";
    if (name === "kernel" && state.kernel !== own) kernel = kernelNamed(names[state.kernel], state.side);
    if (name === "side") {
      kernel = state.kernel === own ? resized(kernel, Math.sqrt(kernel.length), state.side)
        : kernelNamed(names[state.kernel], state.side);
    }
    keep();
    await whole();
  });
  controls.transport(async () => {
    const k = state.row * size[1] + state.column + 1;
    if (k >= output.length) filled = -1;
    await moveTo(Math.floor(k % output.length / size[1]), k % size[1]);
  }, async () => {
    filled = -1;
    await moveTo(0, 0);
  }, () => 700 / state.speed);
  controls.button("empty the image", async () => {
    start.forEach((value, k) => flipped[k] = value);
    keep();
    await compute();
  }, "e");
  controls.slider("speed", "speed", 1, 8, 1, value => `${value}×`);
  controls.slider("side", "kernel", 1, 5, 1, value => `${value}×${value}`);
  controls.slider("stride", "stride", 1, 3);
  controls.slider("padding", "padding", 0, 2);
  controls.slider("dilation", "dilation", 1, 3);
  const press = controls.choice("kernel", "weights", [...names, "own"]);
  const typed = state.weights.split(",").map(Number), typedSide = Math.sqrt(typed.length);
  if (state.weights && typed.every(value => Math.abs(value) <= 1e6) && Number.isInteger(typedSide)) {
    kernel = resized(typed, typedSide, state.side);
    press(state.kernel = own);
  } else {
    kernel = kernelNamed(names[state.kernel] || "edge", state.side);
  }

  // The input is a number or a fraction: −2, 0.5, 1/9.
  const readNumber = text => {
    const parts = text.replaceAll("−", "-").replaceAll(",", ".").split("/").map(part => part.trim());
    const [above, below = "1", ...more] = parts;
    return above && below && !more.length ? above / below : NaN;
  };
  parts.kernel.addEventListener("input", event => {
    const {value: text, dataset: {k}} = event.target, value = readNumber(text), isGood = Math.abs(value) <= 1e6;
    const fault = Number.isFinite(value) ? "too large" : "no number";
    complaint = isGood ? "" : `“${text}” is ${fault}: the weight stays ${number(kernel[k])}.`;
    if (isGood) event.target.removeAttribute("aria-invalid");
    else event.target.setAttribute("aria-invalid", true);
    if (!isGood) return show();
    kernel[k] = value;
    press(state.kernel = own);
    keep();
    compute();
  });
  // Invalid input is removed when the field loses the focus.
  parts.kernel.addEventListener("focusout", () => {
    complaint = "";
    setTimeout(show);
  });

  // A press flips a pixel, a drag moves the window; it is a drag if the pointer has left its cell.
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
  const flip = (y, x) => {
    if (y < 0 || x < 0 || y >= side || x >= side) return;
    cursor = y * side + x;
    flipped[cursor] = 1 - flipped[cursor];
    keep();
    compute();
  };
  addEventListener("pointerup", () => {
    if (from && !from.moved) flip(...place(from.cell));
    from = null;
  }, {signal});
  // A press with a key has no pointer.
  parts.image.addEventListener("click", event => {
    if (event.detail === 0 && event.target.matches(".cell")) flip(...place(event.target));
  });
  parts.output.addEventListener("pointerover", event => {
    const k = event.target.dataset?.k;
    if (k != null) moveTo(Math.floor(k / size[1]), k % size[1]);
  });
  // In the image, arrow keys move between pixels; elsewhere they move the window, whose centre pixel Enter flips.
  // Escape leaves a weight, so that keys control the panel again.
  panel.listen("keydown", async event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const {target} = event, isWeight = target.matches(".kernel-part input"), by = arrowOf(event);
    if (isWeight && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      panel.section.focus({preventScroll: true});
      return;
    }
    if (event.key === "Enter" && target === panel.section && taps.length) {
      const [y, x] = taps[taps.length >> 1];
      flip(y, x);
    }
    if (!by || target.matches("input")) return;
    event.preventDefault();
    event.stopPropagation();
    if (target.parentNode === parts.image) {
      const [y, x] = place(target), clamp = value => Math.max(0, Math.min(side - 1, value));
      cursor = clamp(y - by[1]) * side + clamp(x + by[0]);
      show();
      $("[tabindex='0']", parts.image).focus();
      return;
    }
    await moveTo(state.row - by[1], state.column + by[0]);
    if (target.parentNode === parts.output) $(".here", parts.output)?.focus();
  });
  await whole();
};
