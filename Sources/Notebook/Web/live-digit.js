// Chapter 10: draw a digit. LeNet-5++ reads it with the weights of the recorded run, and shows what it sees.

draw.digit = async panel => {
  const {state} = panel;
  let points = [], parts = [], pen = false, chosen = null;
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
  paperBox.append(paper);
  const seen = canvas("seen"), frame = make("div", "frame-of-view"), seenHome = make("div", "seen-home");
  seenHome.append(seen, frame);
  column("scaled and centred", "seen-box").append(seenHome);
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
    const each = (home, values, side) => [...home.children].forEach((map, k) => {
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
  // For tests and for keys: strokes from elsewhere.
  panel.listen("strokes", event => {
    points = event.detail;
    read();
  });

  const add = event => {
    const box = paper.getBoundingClientRect();
    points.push(Math.max(0, (event.clientX - box.left) / box.width), Math.max(0, (event.clientY - box.top) / box.height));
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
    if (pen) (event.getCoalescedEvents?.() || [event]).forEach(add);
  });
  const lift = () => {
    if (pen) points.push(-1, -1);
    pen = false;
  };
  paper.addEventListener("pointerup", lift);
  paper.addEventListener("pointercancel", lift);

  // A pixel of a map, and the part of the drawing that it sees.
  const look = layer => async event => {
    const map = event.target;
    if (!map.matches?.("canvas")) return;
    const box = map.getBoundingClientRect(), side = map.width;
    const row = Math.min(side - 1, Math.floor((event.clientY - box.top) / box.height * side));
    const across = Math.min(side - 1, Math.floor((event.clientX - box.left) / box.width * side));
    if (chosen === `${layer} ${row} ${across}`) return;
    chosen = `${layer} ${row} ${across}`;
    const [[top, left, height, width]] = await panel.ask("reach", [layer, row, across]);
    Object.assign(frame.style, {
      display: "block", top: `${top / .28}%`, left: `${left / .28}%`, height: `${height / .28}%`, width: `${width / .28}%`,
    });
  };
  for (const [home, layer] of [[six, 1], [sixteen, 2]]) {
    home.addEventListener("pointermove", look(layer));
    home.addEventListener("pointerleave", () => {
      frame.style.display = "none";
      chosen = null;
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
    state.digit = +event.key;
    points = [...samples[state.digit], -1, -1];
    panel.remember();
    read();
  });
  const controls = new Controls(panel, () => {});
  controls.button("clear", () => {
    points = [];
    delete state.digit;
    panel.remember();
    read();
  }, "r");
  controls.slider("wanted", "smallest change towards", 0, 9);
  controls.button("change", async () => {
    if (!points.length) return;
    const shares = parts[3], before = shares.indexOf(Math.max(...shares));
    const [picture, odds, [length, steps]] = await panel.ask("change", [state.wanted]);
    parts = [picture, parts[1], parts[2], odds];
    parts.change = {length, steps};
    const after = odds.indexOf(Math.max(...odds));
    parts.note = before === state.wanted ? `It reads ${before} already.`
      : after === state.wanted ? `A change of length ${fixed(length)} makes ${after} of ${before}, in ${steps} steps.`
      : `Nothing found that makes ${state.wanted} of ${before}.`;
    show();
  }, "c");
  whenThemeChanges(panel, show);
  points = [...samples[state.digit ?? 7], -1, -1];
  await read();
};
