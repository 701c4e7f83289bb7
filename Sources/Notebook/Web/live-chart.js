// Charts in the page's colours: lines and bars as SVG, which follows the theme automatically; pixels on canvases.

const escaped = text => String(text).replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

// Ticks at round numbers between two ends.
const ticks = (low, high, count = 4) => {
  const rough = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(k => k * power).find(s => s >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1)}, (_, k) => +((first + k) * step).toPrecision(6));
};

// Drawing is delayed until the next frame, and only the newest picture of each element is drawn; a picture that would
// delay that frame waits for the following one. A picture is HTML that depends on the width of its element, or nothing
// if it paints a canvas. Widths are read once, before drawing, because reading them in between would lay out the whole
// page each time. If the width of the window changes or a phone is rotated, pictures are drawn again, so that the font
// size stays the same.
const pictures = new Map(), shown = new WeakMap(), widths = new WeakMap();
const widthsChange = new ResizeObserver(all => all.forEach(({target, contentRect: {width}}) => {
  const before = widths.get(target);
  widths.set(target, width);
  if (Math.abs(width - before) > 1) later(target, shown.get(target));
}));
const later = (home, picture) => {
  if (!pictures.size) requestAnimationFrame(drawPictures);
  pictures.set(home, picture);
  if (!home.getContext) shown.set(home, picture);
};
const drawPictures = () => {
  const began = performance.now();
  for (const home of pictures.keys()) {
    if (home.getContext || widths.has(home)) continue;
    widths.set(home, home.clientWidth);
    widthsChange.observe(home);
  }
  for (const [home, picture] of pictures) {
    pictures.delete(home);
    const html = picture(widths.get(home));
    if (html != null) home.innerHTML = html;
    if (performance.now() - began > 6) break;
  }
  if (pictures.size) requestAnimationFrame(drawPictures);
};

// Lines: {series: [{name, values, colour}], label: the quantity, x: its axis, from: the first x, isLog, low, high,
// tall: the height as a function of the width}.
// Long lines are reduced to what a screen can show.
const lines = (home, {series: given, label, x = "", from = 0, isLog = false, low, high, tall = () => 190}) => later(home, room => {
  const every = Math.ceil(Math.max(...given.map(({values}) => values.length)) / 300) || 1;
  const thin = values => Array.from({length: Math.ceil(values.length / every)}, (_, k) => values[k * every]);
  const series = given.map(one => ({...one, values: thin(one.values)}));
  const width = Math.max(260, room || 420), height = tall(room || 420), [left, right, top, bottom] = [46, 64, 12, 34];
  const map = isLog ? value => Math.log10(Math.max(value, 1e-12)) : value => value;
  const all = series.flatMap(({values}) => [...values]).filter(Number.isFinite).map(map);
  const min = low != null ? map(low) : Math.min(...all, 0), max = high != null ? map(high) : Math.max(...all, min + 1e-6);
  const last = Math.max(...series.map(({values}) => values.length), 2) - 1;
  const X = k => left + (width - left - right) * k / last;
  const Y = value => top + (height - top - bottom) * (1 - (Math.min(Math.max(map(value), min), max) - min) / (max - min || 1));
  const scale = isLog ? ticks(min, max).filter(Number.isInteger).map(power => 10 ** power) : ticks(min, max);
  const across = ticks(from, from + last * every, 5).filter(Number.isInteger);
  const ends = series.map(({values}) => Y(values.at(-1) ?? low ?? 0));
  // Separate the names at the ends of the lines.
  const order = ends.map((y, k) => k).sort((a, b) => ends[a] - ends[b]);
  order.forEach((k, place) => { if (place) ends[k] = Math.max(ends[k], ends[order[place - 1]] + 14) });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${
    scale.map(value => `<path class="grid" d="M${left} ${Y(value)}H${width - right}"/><text class="tick" x="${left - 6}" y="${Y(value) + 4}" text-anchor="end">${
      isLog ? scientific(value).replace("1·", "") : String(value).replace("-", "−")}</text>`).join("")}${
    across.map(k => `<text class="tick" x="${X((k - from) / every)}" y="${height - bottom + 16}" text-anchor="middle">${k}</text>`).join("")}<text class="tick" x="${
      width - right}" y="${height - 4}" text-anchor="end">${escaped(x)}</text><path class="axis" d="M${left} ${top}V${height - bottom}H${width - right}"/>${
    series.map(({name, values, colour = "var(--blue)"}, k) => {
      const points = values.map((value, j) => Number.isFinite(value) ? `${X(j).toFixed(1)} ${Y(value).toFixed(1)}` : null).filter(Boolean);
      if (!points.length) return "";
      return `<path class="line" d="M${points.join("L")}" stroke="${colour}"/><text x="${
        X(values.length - 1) + 6}" y="${ends[k] + 4}" style="fill:${colour}">${escaped(name)}</text>`;
    }).join("")}</svg>`;
});

// Bars from left to right, one of them in the strong colour: {values, names, strong, label}.
const bars = (home, {values, names, strong = -1, label}) => {
  const width = 320, step = width / values.length;
  home.innerHTML = `<svg viewBox="0 0 ${width} 132" role="img" aria-label="${escaped(label)}"><path class="axis" d="M0 108H${width}"/>${
    [...values].map((value, k) => `<rect x="${k * step + 3}" y="${108 - 92 * value}" width="${step - 6}" height="${92 * value}" fill="var(--${
      k === strong ? "red" : "blue"})"/><text x="${(k + .5) * step}" y="124" text-anchor="middle">${escaped(names[k])}</text>${
      value >= .005 ? `<text class="tick" x="${(k + .5) * step}" y="${103 - 92 * value}" text-anchor="middle">${Math.round(100 * value)}</text>` : ""}`).join("")}</svg>`;
};

// A histogram without axes, which shows the shape. {values, label}.
const histogram = (home, {values, colour = "var(--blue)"}) => {
  const top = Math.max(...values, 1e-9), width = 82, step = width / values.length;
  const path = [...values].map((value, k) => `M${(k * step).toFixed(2)} 40v${(-38 * value / top).toFixed(2)}h${step.toFixed(2)}V40z`).join("");
  home.innerHTML = `<svg viewBox="0 0 ${width} 41" aria-hidden="true"><path d="${path}" fill="${colour}"/><path class="axis" d="M0 40.5H${width}"/></svg>`;
};

// The page's colours as numbers, for canvases.
const probe = make("span");
probe.hidden = true;
document.body.append(probe);
const colour = name => {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
};
const mixed = (a, b, share) => a.map((value, k) => value + (b[k] - value) * share);

// Conversions of a number to a colour: `ink` from 0 to 1, `signed` from −1 to 1, `classes` from 0 to 1 between two
// classes.
const colourings = {
  ink: {low: 0, colours: ["bg", "fg"], of: (value, [paper, ink]) => mixed(paper, ink, value)},
  signed: {low: -1, colours: ["blue", "bg", "red"], of: (value, [below, paper, above]) => mixed(paper, value < 0 ? below : above, Math.abs(value))},
  classes: {low: 0, colours: ["blue", "bg", "red"], of: (value, [first, paper, second]) => mixed(paper, value < .5 ? first : second, .75 * Math.abs(2 * value - 1))},
};
// The colours of 256 numbers from the lowest to 1, valid until the theme changes.
const tables = new Map();
const tableOf = name => {
  if (!tables.has(name)) {
    const {low, colours, of} = colourings[name], palette = colours.map(colour), bytes = new Uint8ClampedArray(1024);
    for (let k = 0; k < 256; k++) bytes.set([...of(low + (1 - low) * k / 255, palette), 255], 4 * k);
    tables.set(name, new Uint32Array(bytes.buffer));
  }
  return tables.get(name);
};
const themes = new MutationObserver(() => tables.clear());
themes.observe(document.documentElement, {attributeFilter: ["data-theme"]});
matchMedia("(prefers-color-scheme:dark)").addEventListener("change", () => tables.clear());

// Paints numbers in row-major order, one pixel each; the style sheet enlarges them.
const paint = (canvas, values, columns, colouring, scale = 1) => later(canvas, () => {
  const rows = values.length / columns, context = canvas.getContext("2d"), table = tableOf(colouring), {low} = colourings[colouring];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, {width: columns, height: rows});
  const image = context.createImageData(columns, rows), pixels = new Uint32Array(image.data.buffer), step = 255 / (1 - low);
  for (let k = 0; k < values.length; k++) pixels[k] = table[Math.min(255, Math.max(0, Math.round((values[k] / scale - low) * step)))];
  context.putImageData(image, 0, 0);
});

// Canvases do not follow the theme automatically.
const whenThemeChanges = (panel, action) => {
  const {signal} = panel.drawn, observer = new MutationObserver(action);
  observer.observe(document.documentElement, {attributeFilter: ["data-theme"]});
  signal.addEventListener("abort", () => observer.disconnect());
  matchMedia("(prefers-color-scheme:dark)").addEventListener("change", action, {signal});
};

// Points of two classes on a square from −reach to reach, as alternating x and y: triangles and circles, one path per
// class.
const dotted = (home, points, classes, reach, size) => later(home, () => {
  const marks = [
    (x, y) => `M${x - size} ${y}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0z`,
    (x, y) => `M${x} ${y - 1.15 * size}l${1.15 * size} ${2 * size}h${-2.3 * size}z`,
  ];
  const of = kind => [...classes].flatMap((own, k) => own === kind ? [marks[kind](50 * (1 + points[2 * k] / reach), 50 * (1 - points[2 * k + 1] / reach))] : []).join("");
  return `<svg viewBox="0 0 100 100" aria-hidden="true"><path class="nought" d="${of(0)}"/><path class="one" d="${of(1)}"/></svg>`;
});
