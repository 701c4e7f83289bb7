// Points at data: shows the nearest point of a line chart with its value and deviation, and dims the other series. With
// the focus in the picture, arrow keys move along a series (← →) and between series (↑ ↓). The numbers are those of the
// figure's data file, which the page contains; the picture stores their positions (`data-hover`).

const numbersOf = new Map();

// Parses the rows of a data file, including quoted fields.
const readCSV = text => text.trim().split("\n").map(line =>
  [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map(m => m[1].replace(/^"|"$/g, "").replaceAll('""', '"')));

// The rows of a figure's data by frame, without the column that names the frame.
const rowsOf = figure => {
  const known = numbersOf.get(figure);
  if (known) return known;
  const link = $("a[download$='.csv']", figure), frames = new Map();
  if (link) {
    const [header, ...rows] = readCSV(decodeURIComponent(link.href.slice(link.href.indexOf(",") + 1)));
    const shift = ["series", "what", "row"].includes(header[0]) ? 0 : 1;
    for (const row of rows) {
      const key = shift ? row[0] : "";
      if (!frames.has(key)) frames.set(key, []);
      frames.get(key).push(row.slice(shift));
    }
  }
  const all = [...frames.values()];
  numbersOf.set(figure, all);
  return all;
};

const placeOn = ([from, to, low, high, isLog], value) => {
  const t = isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return from + t * (to - from);
};
// Whether a position is on its axis, and not in a part that the picture cuts off.
const isOn = ([from, to], place) => place >= Math.min(from, to) - 2 && place <= Math.max(from, to) + 2;
const told = (value, digits = 4) => {
  const size = Math.abs(value);
  return (size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(+value.toPrecision(digits))).replace("-", "−");
};

const valueAt = ([from, to, low, high, isLog], place) => {
  const t = (place - from) / (to - from);
  return isLog ? low * (high / low) ** t : low + t * (high - low);
};

// The coordinates of a path: absolute after an M, relative to the previous point after an l.
const placesOf = path => {
  let at = [0, 0], steps = false;
  return [...path.matchAll(/([Ml])?\s*(-?[\d.]+),(-?[\d.]+)/g)].map(([, letter, x, y]) => {
    if (letter) steps = letter === "l";
    return at = steps ? [at[0] + +x, at[1] + +y] : [+x, +y];
  });
};

// Points read from the curves themselves, if the data file is too long to be in the page.
const drawnPoints = (svg, {x, y, names, inks}) => names.flatMap((series, place) =>
  $$(`path[stroke="${inks[place][0]}"]`, svg).flatMap(path => placesOf(path.getAttribute("d")).map(([px, py]) => (
    {series, x: valueAt(x, px), y: valueAt(y, py), deviation: 0, digits: 3}))));

// The points of the shown picture with their positions; the outlines of bars, cells and bins.
const shownPoints = (figure, svg) => {
  const hover = JSON.parse(svg.dataset.hover), frame = framesOf.get(figure)?.at() || 0, known = rowsOf(figure);
  const rows = known[frame] || known[0];
  if (hover.kind) return {points: rows ? outlines[hover.kind](hover, rows) : [], ...hover};
  const {x, y, names} = hover, all = rows
    ? rows.map(([series, x, y, deviation]) => ({series, x: +x, y: +y, deviation: +deviation || 0})) : drawnPoints(svg, hover);
  const points = all.map(p => ({
    ...p, name: p.series,
    words: hover.hasRows ? told(p.x, p.digits)
      : `${told(p.x, p.digits)}: ${told(p.y, p.digits)}${p.deviation ? " ± " + told(p.deviation) : ""}`,
    place: names.indexOf(p.series), at: [placeOn(x, p.x), placeOn(y, p.y)],
  })).filter(p => p.place >= 0 && p.at.every(isFinite) && p.at.every((at, i) => isOn([x, y][i], at)));
  return {points, ...hover};
};

const clearHover = svg => {
  $$(".cross,.spot,.around,.mark", svg).forEach(e => e.remove());
  $$(".dimmed", svg).forEach(e => e.classList.remove("dimmed"));
  $(".tip", svg.closest(".pic"))?.remove();
};

const svgElement = (tag, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// Draws the selected point: a crosshair with the other series dimmed, or an outline with the rest dimmed.
const drawSpot = (svg, {at: [px, py], box, place}, {x, y, inks}) => {
  if (box) {
    const [left, top, right, bottom] = box, {width, height} = svg.viewBox.baseVal;
    const mark = svgElement("rect", {x: left, y: top, width: right - left, height: bottom - top, class: "mark"});
    svg.append(svgElement("path", {
      class: "around", "fill-rule": "evenodd", d: `M0 0H${width}V${height}H0ZM${left} ${top}H${right}V${bottom}H${left}Z`,
    }), mark);
    return mark;
  }
  const mine = inks[place], others = inks.flat().filter(color => !mine.includes(color));
  $$("[stroke],[fill]", svg).forEach(e => {
    if (others.includes(e.getAttribute("stroke")) || others.includes(e.getAttribute("fill"))) e.classList.add("dimmed");
  });
  const line = (x1, y1, x2, y2) => svgElement("line", {x1, y1, x2, y2, class: "cross"});
  const spot = svgElement("circle", {cx: px, cy: py, r: parseFloat(svg.getAttribute("font-size")) / 3, class: "spot", stroke: mine[0]});
  svg.append(line(px, y[0], px, y[1]), line(x[0], py, x[1], py), spot);
  return spot;
};

const pointAt = (figure, svg, point, shown) => {
  clearHover(svg);
  const spot = drawSpot(svg, point, shown), tip = make("div", null, "tip"), name = make("b"), home = svg.closest(".pic");
  name.textContent = point.name;
  tip.append(name, point.words);
  tip.setAttribute("role", "status");
  home.append(tip);
  const box = home.getBoundingClientRect(), mark = spot.getBoundingClientRect(), size = tip.getBoundingClientRect();
  const left = Math.max(0, Math.min(box.width - size.width, mark.right - box.left + 8));
  const top = mark.top - box.top - size.height - 6;
  tip.style.left = (left + size.width > box.width - 1 ? Math.max(0, mark.left - box.left - size.width - 8) : left) + "px";
  tip.style.top = (top < 0 ? mark.bottom - box.top + 6 : top) + "px";
};

const hoverable = event => {
  const svg = event.target.closest?.("svg[data-hover]");
  return svg && !svg.closest(".mini,.strip,.sheet,.blank") ? svg : null;
};
// The selected point: the nearest one of outlines and clouds; for curves, the nearest one in the nearest column.
const nearest = ({points, x, y, kind, isCloud}, at) => {
  const least = (all, far) => all.reduce((best, p) => far(p) < best[1] ? [p, far(p)] : best, [null, Infinity]);
  const off = (value, low, high) => Math.max(low - value, 0, value - high);
  if (kind) {
    const [best, far] = least(points, ({box}) => Math.hypot(off(at.x, box[0], box[2]), off(at.y, box[1], box[3])));
    return far < 40 ? best : null;
  }
  if (off(at.x, x[0], x[1]) > 20 || off(at.y, y[1], y[0]) > 20) return null;
  if (isCloud) return least(points, p => Math.hypot(p.at[0] - at.x, p.at[1] - at.y))[0];
  const reach = least(points, p => Math.abs(p.at[0] - at.x))[1] + 4;
  return least(points.filter(p => Math.abs(p.at[0] - at.x) <= reach), p => Math.abs(p.at[1] - at.y))[0];
};
let hovered = null;
document.addEventListener("pointermove", event => {
  const svg = hoverable(event);
  if (hovered && hovered.svg !== svg && hovered.svg.isConnected) {
    clearHover(hovered.svg);
    hovered = null;
  }
  if (!svg) return;
  const figure = svg.closest("figure"), shown = shownPoints(figure, svg), scale = svg.getScreenCTM().inverse();
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(scale);
  const best = nearest(shown, at);
  if (!best) return clearHover(svg);
  pointAt(figure, svg, best, shown);
  hovered = {svg, point: best};
});

// A picture with numbers can have the focus.
$$("svg[data-hover]").forEach(svg => svg.setAttribute("tabindex", "0"));
document.addEventListener("redrawn", event =>
  $$("svg[data-hover]", event.target).forEach(svg => svg.setAttribute("tabindex", "0")));
document.addEventListener("focusout", event => {
  const svg = hoverable(event);
  if (svg) clearHover(svg);
});
document.addEventListener("keydown", event => {
  const svg = hoverable(event), step = {ArrowRight: 1, ArrowLeft: -1}[event.key], jump = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!svg || presents() || !(step || jump)) return;
  event.preventDefault();
  const figure = svg.closest("figure"), shown = shownPoints(figure, svg), last = hovered?.svg === svg ? hovered.point : null;
  const series = [...new Set(shown.points.map(p => p.place))];
  const place = last ? series[(series.indexOf(last.place) + (jump || 0) + series.length) % series.length] : series[0];
  const mine = shown.points.filter(p => p.place === place);
  let at = last ? mine.reduce((best, p, k) => Math.abs(p.at[0] - last.at[0]) < Math.abs(mine[best].at[0] - last.at[0]) ? k : best, 0) : -1;
  at = Math.max(0, Math.min(mine.length - 1, at + (step || (last ? 0 : 1))));
  if (!mine.length) return;
  pointAt(figure, svg, mine[at], shown);
  hovered = {svg, point: mine[at]};
});
