// Charts in the page's own colours: lines and bars as SVG, which follows the theme by itself; pixels on canvases.

const escaped = text => String(text).replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

// Ticks at round numbers between two ends.
const ticks = (low, high, count = 4) => {
  const rough = (high - low) / count || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(k => k * power).find(s => s >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({length: Math.max(0, Math.floor(high / step + 1e-9) - first + 1)}, (_, k) => +((first + k) * step).toPrecision(6));
};

// Lines: {series: [{name, values, colour}], label: what is plotted, x: its axis, from: the first x, isLog, low, high}.
// Long ones are thinned out to what a screen shows.
const lines = (home, {series: given, label, x = "", from = 0, isLog = false, low, high}) => {
  const every = Math.ceil(Math.max(...given.map(({values}) => values.length)) / 300) || 1;
  const series = given.map(one => ({...one, values: [...one.values].filter((_, k) => k % every === 0)}));
  const width = Math.max(260, home.clientWidth || 420), height = 190, [left, right, top, bottom] = [46, 64, 12, 34];
  const map = isLog ? value => Math.log10(Math.max(value, 1e-12)) : value => value;
  const all = series.flatMap(({values}) => [...values]).filter(Number.isFinite).map(map);
  const min = low != null ? map(low) : Math.min(...all, 0), max = high != null ? map(high) : Math.max(...all, min + 1e-6);
  const last = Math.max(...series.map(({values}) => values.length), 2) - 1;
  const X = k => left + (width - left - right) * k / last;
  const Y = value => top + (height - top - bottom) * (1 - (Math.min(Math.max(map(value), min), max) - min) / (max - min || 1));
  const scale = isLog ? ticks(min, max).filter(Number.isInteger).map(power => 10 ** power) : ticks(min, max);
  const across = ticks(from, from + last * every, 5).filter(Number.isInteger);
  const ends = series.map(({values}) => Y(values.at(-1) ?? low ?? 0));
  // Names at the ends of lines keep apart.
  const order = ends.map((y, k) => k).sort((a, b) => ends[a] - ends[b]);
  order.forEach((k, place) => { if (place) ends[k] = Math.max(ends[k], ends[order[place - 1]] + 14) });
  home.innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${
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
};

// Bars from left to right, one of them in the strong colour: {values, names, strongest, label}.
const bars = (home, {values, names, strong = -1, label}) => {
  const width = 320, step = width / values.length;
  home.innerHTML = `<svg viewBox="0 0 ${width} 132" role="img" aria-label="${escaped(label)}"><path class="axis" d="M0 108H${width}"/>${
    [...values].map((value, k) => `<rect x="${k * step + 3}" y="${108 - 92 * value}" width="${step - 6}" height="${92 * value}" fill="var(--${
      k === strong ? "red" : "blue"})"/><text x="${(k + .5) * step}" y="124" text-anchor="middle">${escaped(names[k])}</text>${
      value >= .005 ? `<text class="tick" x="${(k + .5) * step}" y="${103 - 92 * value}" text-anchor="middle">${Math.round(100 * value)}</text>` : ""}`).join("")}</svg>`;
};

// A histogram without axes: the shape is what counts. {values, label}.
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

// How a number becomes a colour: `ink` from 0 to 1, `signed` from −1 to 1, `classes` from 0 to 1 between two classes.
const colourings = {
  ink: () => {
    const [paper, ink] = [colour("bg"), colour("fg")];
    return value => mixed(paper, ink, Math.min(1, Math.max(0, value)));
  },
  signed: () => {
    const [below, paper, above] = [colour("blue"), colour("bg"), colour("red")];
    return value => mixed(paper, value < 0 ? below : above, Math.min(1, Math.abs(value)));
  },
  classes: () => {
    const [first, paper, second] = [colour("blue"), colour("bg"), colour("red")];
    return value => mixed(paper, value < .5 ? first : second, .75 * Math.min(1, Math.abs(2 * value - 1)));
  },
};

// Paints numbers, row after row, a pixel each; the style sheet blows them up.
const paint = (canvas, values, columns, colouring, scale = 1) => {
  const rows = values.length / columns, context = canvas.getContext("2d"), of = colourings[colouring]();
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, {width: columns, height: rows});
  const image = context.createImageData(columns, rows);
  for (let k = 0; k < values.length; k++) {
    image.data.set(of(values[k] / scale), 4 * k);
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
};

// Canvases do not follow the theme by themselves.
const whenThemeChanges = (panel, action) => {
  const {signal} = panel.drawn, observer = new MutationObserver(action);
  observer.observe(document.documentElement, {attributeFilter: ["data-theme"]});
  signal.addEventListener("abort", () => observer.disconnect());
  matchMedia("(prefers-color-scheme:dark)").addEventListener("change", action, {signal});
};

// Points of two classes on a square from −reach to reach, x and y in turn: triangles and circles.
const dotted = (home, points, classes, reach, size) => {
  const spots = [...classes].map((kind, k) => {
    const [x, y] = [points[2 * k], points[2 * k + 1]].map((v, axis) => 50 * (1 + (axis ? -v : v) / reach));
    return kind ? `<path class="one" d="M${x} ${y - 1.15 * size}l${1.15 * size} ${2 * size}h${-2.3 * size}z"/>` : `<circle class="nought" cx="${x}" cy="${y}" r="${size}"/>`;
  });
  home.innerHTML = `<svg viewBox="0 0 100 100" aria-hidden="true">${spots.join("")}</svg>`;
};
