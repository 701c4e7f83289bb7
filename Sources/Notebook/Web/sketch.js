// A predicted curve: drawn on the empty axes of its figure, by pointer or arrow keys, before the data are shown.

const sketches = new Map();

const drawSketch = sketch => {
  sketch.path.setAttribute("d", sketch.points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join(""));
};

// Adds a point at its x coordinate and replaces those over which the pen has just moved.
const addPoint = (sketch, x, y, from = x) => {
  const [low, high] = [Math.min(x, from), Math.max(x, from)];
  const stays = ([px]) => px === from && px !== x || px < low - 0.5 || px > high + 0.5;
  sketch.points = [...sketch.points.filter(stays), [x, y]].sort((a, b) => a[0] - b[0]);
  drawSketch(sketch);
  sketch.words.removeAttribute("aria-invalid");
};

// Removes the data from the figure below a question.
const beginSketch = (box, figure) => {
  const svg = figure && shownPicture(figure);
  if (!svg?.dataset.hover) return false;
  const hover = JSON.parse(svg.dataset.hover), inks = hover.inks.flat();
  figure.classList.remove("veiled");
  figure.classList.add("blank");
  $$("[stroke],[fill]", svg).forEach(e => {
    if (inks.includes(e.getAttribute("stroke")) || inks.includes(e.getAttribute("fill"))) e.classList.add("unseen");
  });
  const path = svgElement("path", {class: "sketched"});
  svg.append(path);
  sketches.set(box, {figure, svg, hover, path, points: [], words: $(".sketch", box), series: $(".sketch", box).dataset.series, knot: -1});
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("aria-label", "Empty axes: draw with the pointer, or with arrow keys: left and right choose a place, up and down its value");
  return true;
};

const endSketch = box => {
  const sketch = sketches.get(box);
  if (!sketch) return;
  sketch.figure.classList.remove("blank");
  sketch.svg.removeAttribute("aria-label");
  $$(".unseen", sketch.svg).forEach(e => e.classList.remove("unseen"));
};

// The mean distance of the sketch from the data, as a fraction of the axis.
const judgeSketch = box => {
  const sketch = sketches.get(box);
  if (!sketch || sketch.points.length < 2) return null;
  const truth = shownPoints(sketch.figure, sketch.svg).points.filter(p => p.series === sketch.series);
  const {y} = sketch.hover, all = sketch.points, first = all[0], last = all.at(-1);
  const misses = truth.filter(p => p.at[0] >= first[0] && p.at[0] <= last[0]).map(p => {
    const k = Math.max(1, all.findIndex(([x]) => x >= p.at[0])), [a, b] = [all[k - 1], all[k]];
    const here = a[1] + (b[1] - a[1]) * (p.at[0] - a[0]) / (b[0] - a[0] || 1);
    return Math.abs(here - p.at[1]) / Math.abs(y[0] - y[1]);
  });
  const mean = misses.reduce((a, b) => a + b, 0) / (misses.length || 1), percent = Math.round(100 * mean);
  // A stroke at one end cannot be compared with the curve.
  if (misses.length < truth.length / 2) return null;
  const given = all.map(([px, py]) => [px, py].map(v => Math.round(v)));
  return {given, isRight: mean < 0.1, words: `On average ${percent} % of the axis away. `};
};

const redraw = (box, points) => {
  const sketch = sketches.get(box);
  if (!sketch || !Array.isArray(points)) return;
  sketch.points = points;
  drawSketch(sketch);
};

const sketchAt = event => {
  const svg = event.target.closest?.(".blank svg");
  return svg && [...sketches.values()].find(s => s.svg === svg);
};
let pen = null;
const movePen = event => {
  const {sketch} = pen, {x, y} = sketch.hover;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(sketch.svg.getScreenCTM().inverse());
  const px = Math.max(x[0], Math.min(x[1], at.x)), py = Math.max(y[1], Math.min(y[0], at.y));
  addPoint(sketch, px, py, pen.x ?? px);
  pen.x = px;
};
document.addEventListener("pointerdown", event => {
  const sketch = sketchAt(event);
  if (!sketch) return;
  event.preventDefault();
  sketch.svg.setPointerCapture(event.pointerId);
  pen = {sketch, x: null};
  movePen(event);
});
document.addEventListener("pointermove", event => { if (pen) movePen(event) });
addEventListener("pointerup", () => pen = null);
addEventListener("pointercancel", () => pen = null);
document.addEventListener("keydown", event => {
  const sketch = sketchAt(event), side = {ArrowRight: 1, ArrowLeft: -1}[event.key], lift = {ArrowUp: -1, ArrowDown: 1}[event.key];
  if (!sketch || presents() || !(side || lift)) return;
  event.preventDefault();
  const {x, y} = sketch.hover, last = 10;
  sketch.knot = Math.max(0, Math.min(last, sketch.knot + (side || (sketch.knot < 0 ? 1 : 0))));
  const px = x[0] + sketch.knot / last * (x[1] - x[0]);
  const near = sketch.points.filter(([at]) => at <= px + 0.5).at(-1), py = near ? near[1] : (y[0] + y[1]) / 2;
  addPoint(sketch, px, Math.max(y[1], Math.min(y[0], py + (lift || 0) * Math.abs(y[0] - y[1]) / 40)));
});
