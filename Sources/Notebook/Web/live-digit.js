// Chapter 10: draw a digit. LeNet-5++ reads it with the weights of the recorded run, and its maps are shown.

// Strokes as text for the address: three letters for each point on a grid of 512 × 512, and a full stop after each
// stroke.
const letters64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const onGrid = share => Math.round(511 * Math.max(0, Math.min(1, share))) / 511;
const strokesText = points => pairs(points).map(([x, y]) => {
  if (x < 0) return ".";
  const place = Math.round(511 * x) * 512 + Math.round(511 * y);
  return [place >> 12, place >> 6 & 63, place & 63].map(k => letters64[k]).join("");
}).join("");
const strokesFrom = text => (text.match(/\.|[\w-]{3}/g) || []).flatMap(item => {
  if (item === ".") return [-1, -1];
  const place = [...item].reduce((sum, letter) => 64 * sum + letters64.indexOf(letter), 0);
  return [(place >> 9) / 511, (place & 511) / 511];
});

draw.digit = async panel => {
  // The strokes of the reader's drawing, or a full stop for an empty drawing, and the digit to which it was changed.
  const state = panel.starting({strokes: "", changed: ""});
  let points = [], parts = [], pen = false, isSample = true;
  await panel.ask("load", panel.numbers);

  const board = make("div", "digit-board");
  const column = (title, style) => {
    const box = make("div", style);
    box.append(make("p", "part-name", title));
    board.append(box);
    return box;
  };
  const canvas = style => {
    const element = make("canvas", style);
    element.width = element.height = 28;
    return element;
  };
  const paperBox = column("draw here", "paper-box");
  const paper = canvas("paper");
  paper.width = paper.height = 280;
  paper.setAttribute("role", "img");
  paper.setAttribute("aria-label", "Paper: draw a digit with mouse, pen or finger. Keys 0 to 9 draw one.");
  const frames = [make("div", "frame-of-view"), make("div", "frame-of-view")];
  const seen = canvas("seen"), seenHome = make("div", "seen-home");
  const paperHome = make("div", "paper-home");
  paperHome.append(paper, frames[1]);
  paperBox.append(paperHome);
  seenHome.append(seen, frames[0]);
  column("scaled, centred", "seen-box").append(seenHome);
  const grid = (count, style) => {
    const home = make("div", style);
    home.append(...Array.from({length: count}, () => canvas("map")));
    return home;
  };
  const six = grid(6, "maps six"), sixteen = grid(16, "maps sixteen"), odds = make("div", "odds");
  column("six maps", "six-box").append(six);
  column("sixteen maps", "sixteen-box").append(sixteen);
  const oddsBox = column("ten bars, in %", "odds-box"), verdict = make("p", "verdict");
  verdict.setAttribute("role", "status");
  oddsBox.append(odds);
  panel.stage.append(board, verdict);

  const strokesShown = () => {
    const context = paper.getContext("2d"), [r, g, b] = colour("fg");
    context.clearRect(0, 0, 280, 280);
    Object.assign(context, {lineWidth: 16, lineCap: "round", lineJoin: "round", strokeStyle: `rgb(${r},${g},${b})`});
    context.beginPath();
    let starts = true;
    for (let k = 0; k < points.length; k += 2) {
      if (points[k] < 0) {
        starts = true;
        continue;
      }
      const [x, y] = [280 * points[k], 280 * points[k + 1]];
      if (starts) context.moveTo(x, y);
      context.lineTo(x + (starts ? .01 : 0), y);
      starts = false;
    }
    context.stroke();
  };
  const show = () => {
    strokesShown();
    const [picture, first, second, shares] = parts;
    if (!picture) return;
    paint(seen, picture, 28, "ink");
    const each = (home, values, side) => $$("canvas", home).forEach((map, k) => {
      const own = values.subarray(k * side * side, (k + 1) * side * side);
      paint(map, own, side, "ink", Math.max(...own, 1e-6));
    });
    each(six, first, 28);
    each(sixteen, second, 10);
    const best = shares.indexOf(Math.max(...shares)), drawn = points.length > 0;
    bars(odds, {
      values: drawn ? shares : shares.map(() => 0), names: [..."0123456789"], strong: best, label: "The ten probabilities",
    });
    verdict.textContent = !drawn ? "Draw a digit, or press a key from 0 to 9." : parts.note
      || `It reads ${best}, with ${Math.round(100 * shares[best])} % (${fixed(panel.took, 1)} ms).`;
    Object.assign(panel.section.dataset, {reads: drawn ? best : "", sure: shares[best], took: panel.took, ...parts.change || {length: "", steps: ""}});
  };
  const read = onceAFrame(async () => {
    parts = await panel.ask("read", points);
    show();
  });
  // The reader's drawing is stored in the address instead of the number of a digit.
  const keep = () => {
    if (!isSample) state.digit = panel.settings.digit;
    Object.assign(state, {changed: "", strokes: isSample ? "" : strokesText(points) || "."});
    panel.remember();
  };
  const drawSample = digit => {
    isSample = true;
    state.digit = digit;
    points = [...samples[digit], -1, -1];
    keep();
    return read();
  };
  const drawOwn = strokes => {
    isSample = false;
    points = strokes;
    keep();
    return read();
  };
  // For tests: strokes from another source.
  panel.listen("strokes", event => drawOwn(event.detail.map(share => share < 0 ? -1 : onGrid(share))));

  // The page's digit is removed with the reader's first stroke.
  const add = event => {
    if (isSample) [points, isSample] = [[], false];
    const box = paper.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map(onGrid);
    const [lastX, lastY] = points.slice(-2);
    if (lastX >= 0 && Math.hypot(x - lastX, y - lastY) < .008) return;
    points.push(x, y);
    read();
  };
  paper.addEventListener("pointerdown", event => {
    event.preventDefault();
    paper.setPointerCapture(event.pointerId);
    panel.section.focus({preventScroll: true});
    pen = true;
    add(event);
  });
  paper.addEventListener("pointermove", event => {
    if (!pen) return;
    const all = event.getCoalescedEvents?.() || [];
    (all.length ? all : [event]).forEach(add);
  });
  const lift = () => {
    if (pen) {
      points.push(-1, -1);
      keep();
    }
    pen = false;
  };
  paper.addEventListener("pointerup", lift);
  paper.addEventListener("pointercancel", lift);

  // A pixel of a map, with its receptive field in the image and in the drawing.
  let looks = 0;
  const look = layer => async (map, row, column) => {
    const mine = ++looks;
    if (map == null) {
      frames.forEach(frame => frame.style.display = "none");
      return;
    }
    const [found] = await panel.ask("reach", [layer, row, column]);
    if (mine !== looks) return;
    frames.forEach((frame, k) => {
      const shares = [...found.slice(4 * k, 4 * k + 4)].map(value => value / (k ? 1 : 28));
      const [top, left, height, width] = shares.map(share => `${100 * share}%`);
      Object.assign(frame.style, {display: "block", top, left, height, width});
    });
  };
  for (const [home, layer, side, across, size] of [[six, 1, 28, 6, "5×5"], [sixteen, 2, 10, 8, "14×14"]]) {
    pixelCursor(home, $$("canvas", home), {
      across, side, look: look(layer), name: `${home.children.length} maps: arrow keys choose a pixel`,
      says: (map, row, column) => `Map ${map + 1}, row ${row}, column ${column}: it sees ${size} of the picture`,
    });
  }

  const samples = [
    [.5, .15, .3, .25, .22, .5, .3, .78, .5, .88, .7, .78, .78, .5, .7, .25, .5, .15], [.4, .25, .55, .12, .53, .9],
    [.27, .3, .38, .15, .6, .15, .7, .3, .62, .5, .25, .85, .5, .82, .78, .86],
    [.28, .2, .5, .12, .68, .25, .6, .42, .45, .48, .65, .55, .72, .72, .55, .88, .26, .82],
    [.42, .1, .25, .55, .8, .55, -1, -1, .65, .35, .6, .92],
    [.75, .14, .36, .14, .33, .44, .55, .42, .74, .6, .65, .82, .42, .88, .25, .8],
    [.62, .1, .4, .3, .28, .6, .35, .85, .58, .88, .7, .7, .58, .56, .34, .66], [.22, .15, .78, .15, .62, .45, .45, .9],
    [.5, .48, .32, .32, .4, .15, .6, .14, .67, .3, .5, .48, .3, .68, .38, .88, .6, .88, .7, .7, .5, .48],
    [.7, .32, .58, .14, .38, .18, .3, .38, .45, .5, .66, .42, .7, .3, .66, .62, .6, .9],
  ];
  panel.listen("keydown", event => {
    if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    drawSample(+event.key);
  });
  const change = async wanted => {
    const before = parts[3].indexOf(Math.max(...parts[3]));
    parts = await panel.ask("change", [wanted]);
    const [length, steps] = parts[4], shares = parts[3];
    parts.change = {length, steps};
    const after = shares.indexOf(Math.max(...shares));
    parts.note = before === wanted ? `It reads ${before} already.`
      : after !== wanted ? `No change found that turns ${before} into ${wanted}.`
      : `A change of length ${fixed(length)} turns ${before} into ${after}, in ${counted(steps, "step")}.`;
    show();
  };
  const controls = new Controls(panel, () => {});
  controls.resets(() => drawSample(panel.settings.digit ?? 7));
  controls.button("clear", () => drawOwn([]), "e");
  controls.slider("wanted", "small change towards", 0, 9);
  controls.button("change", async () => {
    if (!points.length) return;
    // Start from the image as it was drawn, without later changes.
    parts = await panel.ask("read", points);
    state.changed = state.wanted;
    panel.remember();
    await change(state.wanted);
  }, "c");
  whenThemeChanges(panel, show);
  isSample = !state.strokes;
  points = isSample ? [...samples[state.digit] || samples[7], -1, -1] : strokesFrom(state.strokes.replace(/^\.$/, ""));
  await read();
  if (/^[0-9]$/.test(state.changed) && points.length) {
    parts = await panel.ask("read", points);
    await change(+state.changed);
  }
};
