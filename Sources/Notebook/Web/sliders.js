// Explorable figures: a slider or buttons move the picture, and all that is said of it, and the address.

const calm = matchMedia("(prefers-reduced-motion:reduce)");
const setAddress = address => { try { history.replaceState(null, "", address) } catch (e) {} };
// `#fig1?rate=0.1` on a page, `#ch08-fig1?…` in the book.
const figureAddress = figure => {
  const chapter = $$("article").length > 1 ? figure.closest("article").id + "-" : "";
  return `#${chapter}fig${figure.dataset.figure}`;
};
const framesOf = new Map();

$$(".explore").forEach(box => {
  // Frames share their pieces: each is a list of runs, the first piece and how many there are.
  const data = JSON.parse($(".frames", box).textContent), figure = box.parentNode;
  const joined = (pieces, runs) => {
    let all = "";
    for (let k = 0; k < runs.length; k += 2) {
      for (let j = 0; j < runs[k + 1]; j++) all += pieces[runs[k] + j];
    }
    return all;
  };
  const picture = $(".pic", figure), input = $("input", box), output = $("output", box), play = $(".play", box);
  const buttons = input ? [] : $$("button", box);
  const html = (element, markup) => element.innerHTML = markup, plain = (element, value) => element.textContent = value;
  const from = pieces => (element, runs) => html(element, joined(pieces, runs));
  const svg = from(data.pieces), table = from(data.rows);
  const parts = [
    ...["broad", "narrow", "deck"].map(screen => [$(".plot-" + screen, picture), data[screen], svg]),
    [$(".numbers .scroll", figure), data.tables, table], [$(".numbers .frame-value", figure), data.values, plain],
    [$(".finding", figure), data.titles, html], [$(".rest", figure), data.captions, html], [output, data.values, plain],
  ].filter(([element, frames]) => element && frames?.length);
  let frame = data.initial, told = 0;

  // Pictures of one size and room for the longest caption: nothing below moves when a frame changes.
  const keepRoom = () => {
    for (const screen of ["broad", "narrow"]) {
      const home = $(".plot-" + screen, picture);
      if (!home || !data[screen]?.length) continue;
      const sizes = data[screen].map(runs => joined(data.pieces, runs).match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/).slice(1).map(Number));
      home.style.aspectRatio = `${sizes[0][0]} / ${Math.max(...sizes.map(([w, h]) => h * sizes[0][0] / w))}`;
    }
    const caption = $("figcaption", figure);
    caption.style.minHeight = "";
    if (!data.titles?.length && !data.captions?.length) return;
    const heights = data.values.map((_, k) => {
      parts.filter(([e]) => e.closest("figcaption")).forEach(([element, frames, set]) => set(element, frames[k]));
      return caption.offsetHeight;
    });
    caption.style.minHeight = Math.max(...heights) + "px";
    show(frame, true);
  };

  const show = (next, isQuiet) => {
    frame = Math.max(0, Math.min(data.values.length - 1, next));
    parts.forEach(([element, frames, set]) => set(element, frames[frame]));
    if (input) {
      input.value = frame;
      input.setAttribute("aria-valuetext", data.values[frame]);
    }
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === frame));
    if (data.headings?.length) box.dispatchEvent(new CustomEvent("retitle", {bubbles: true, detail: data.headings[frame]}));
    figure.dispatchEvent(new CustomEvent("redrawn", {bubbles: true}));
    if (isQuiet || presents()) return;
    clearTimeout(told);
    told = setTimeout(() => setAddress(`${figureAddress(figure)}?${data.name}=${data.values[frame]}`), 200);
  };
  let hasRoom = false;
  const makeRoom = () => {
    if (hasRoom || presents() || !figure.getClientRects().length) return;
    hasRoom = true;
    keepRoom();
  };
  addEventListener("resize", () => hasRoom = false);
  framesOf.set(figure, {
    count: data.values.length, at: () => frame, show,
    // Names have signs of equality in them, as `σ = g/√D`; the value stands behind the last.
    find: query => data.values.findIndex(v => query.endsWith("=" + v)
      || parseFloat(v) === parseFloat(query.slice(query.lastIndexOf("=") + 1))),
  });

  buttons.forEach((button, k) => button.addEventListener("click", () => {
    makeRoom();
    show(k);
  }));
  if (!input) return;
  let timer = 0;
  const step = () => show((frame + 1) % data.values.length);
  const label = () => {
    play.textContent = timer ? "❚❚" : calm.matches ? "❯" : "▶";
    play.setAttribute("aria-label", timer ? "Pause" : calm.matches ? "Next frame" : "Play");
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    label();
  };
  input.addEventListener("input", () => {
    const wanted = +input.value;
    makeRoom();
    stop();
    show(wanted);
  });
  // Nothing moves by itself for readers who asked for that: a press is a frame.
  play.addEventListener("click", () => {
    makeRoom();
    if (timer) return stop();
    if (calm.matches) step();
    else timer = setInterval(step, 700);
    label();
  });
  calm.addEventListener("change", stop);
  label();
});

// Goes to the figure, and the frame, that the address names.
const goToFigure = () => {
  const [, chapter, number, query] = /^#(?:(ch\d+)-)?fig(\d+)(\?.*=.*)?$/.exec(decodeURIComponent(location.hash)) || [];
  if (!number) return;
  const home = chapter ? document.getElementById(chapter) : $("article"), figure = home && $(`[data-figure="${number}"]`, home);
  if (!figure) return;
  const frames = framesOf.get(figure), at = frames && query ? frames.find(query) : -1;
  if (at >= 0) frames.show(at, true);
  return figure;
};
