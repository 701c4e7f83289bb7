// A plot of the plane: curves, points and regions within two ranges, which follows the theme automatically.

// Curves: {points: [[x, y], …], colour, name, isDashed}; points: {at: [[x, y], …], colour, size, shape, isHollow}.
// `isSquare` gives both axes the same scale; with `isLog` the heights are exponents of ten; `tall` is a height or a
// function.
const graph = (home, {x, y, curves = [], points = [], label, xName = "", yName = "", isSquare = false, isLog = false, tall = 210}) => later(home, room => {
  const width = Math.max(240, room || 320), [left, right, top, bottom] = [40, 14, 20, 36];
  const height = isSquare ? top + bottom + (width - left - right) * (y[1] - y[0]) / (x[1] - x[0]) : tall.call?.(null, room) ?? tall;
  const X = value => left + (width - left - right) * (value - x[0]) / (x[1] - x[0]);
  const Y = value => top + (height - top - bottom) * (1 - (value - y[0]) / (y[1] - y[0]));
  const at = ([a, b]) => `${X(a).toFixed(1)} ${Y(b).toFixed(1)}`, sign = value => String(value).replace("-", "−");
  const marks = {
    circle: (a, b, r) => `M${a - r} ${b}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    triangle: (a, b, r) => `M${a} ${b - 1.2 * r}l${1.1 * r} ${2 * r}h${-2.2 * r}z`,
  };
  const clip = `${home.closest("section")?.id}-${home.className.split(" ").at(-1)}-clip`;
  home.scale = {width, height, left, right, top, bottom, x, y};
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}"><clipPath id="${clip}"><rect x="${left}" y="${top}" width="${
    width - left - right}" height="${height - top - bottom}"/></clipPath>${
    ticks(...y, 4).filter(v => !isLog || Number.isInteger(v)).map(v => `<path class="${v === 0 ? "nought-line" : "grid"}" d="M${left} ${Y(v)}H${width - right}"/><text class="tick" x="${left - 6}" y="${Y(v) + 4}" text-anchor="end">${
      isLog ? power(v) : sign(v)}</text>`).join("")}${
    ticks(...x, width < 300 ? 4 : 6).map(v => `<text class="tick" x="${X(v)}" y="${height - bottom + 16}" text-anchor="middle">${sign(v)}</text>`).join("")
  }<text class="tick" x="${width - right}" y="${height - 4}" text-anchor="end">${escaped(xName)}</text><text class="tick" x="${left - 30}" y="11">${
    escaped(yName)}</text><path class="axis" d="M${left} ${top}V${height - bottom}H${width - right}"/><g clip-path="url(#${clip})">${
    curves.map(({points: line, colour, isDashed, size = 2}) => line.length
      ? `<path class="line" d="M${line.map(at).join("L")}" stroke="${colour}" style="stroke-width:${size}"${isDashed ? ' stroke-dasharray="5 4"' : ""}/>` : "").join("")}${
    points.map(({at: all, colour, size = 3, shape = "circle", isHollow}) => `<path d="${
      all.map(([a, b]) => marks[shape](X(a), Y(b), size)).join("")}" ${isHollow ? `fill="var(--bg)" stroke="${colour}" stroke-width="2"` : `fill="${colour}"`}/>`).join("")
  }</g></svg>`;
});

// Converts alternating x and y to points.
const pairs = numbers => Array.from({length: numbers.length / 2}, (_, k) => [numbers[2 * k], numbers[2 * k + 1]]);

// The label of a power of ten on an axis.
const power = exponent => exponent === 0 ? "1" : exponent === 1 ? "10" : `10${[...String(exponent)].map(c => c === "-" ? "⁻" : superscripts[c]).join("")}`;

// Reports the position to which the pointer drags, in the graph's coordinates and within its ranges; arrow keys move
// the point `at` by 1/50 of the ranges.
const dragged = (home, name, at, action) => {
  const tell = event => {
    if (!home.scale) return;
    const box = home.firstChild.getBoundingClientRect(), {width, height, left, right, top, bottom, x, y} = home.scale;
    const share = [(event.clientX - box.left) * width / box.width - left, (event.clientY - box.top) * height / box.height - top];
    const [a, b] = [share[0] / (width - left - right), 1 - share[1] / (height - top - bottom)].map(s => Math.min(1, Math.max(0, s)));
    action(x[0] + a * (x[1] - x[0]), y[0] + b * (y[1] - y[0]));
  };
  home.classList.add("dragged");
  home.tabIndex = 0;
  home.setAttribute("role", "application");
  home.setAttribute("aria-label", `${name}: drag it, or press the arrow keys`);
  home.addEventListener("keydown", event => {
    const by = arrowOf(event);
    if (!by || !home.scale || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const {x, y} = home.scale, moved = (value, [low, high], step) => Math.min(high, Math.max(low, value + step * (high - low) / 50));
    const [a, b] = at();
    action(moved(a, x, by[0]), moved(b, y, by[1]));
  });
  home.addEventListener("pointerdown", event => {
    event.preventDefault();
    home.setPointerCapture(event.pointerId);
    tell(event);
  });
  home.addEventListener("pointermove", event => { if (event.buttons) tell(event) });
};
