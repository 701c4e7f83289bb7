// Explorable figures: a slider or buttons move the picture, and all that is said of it, and the address.

const calm = matchMedia("(prefers-reduced-motion:reduce)");
const setAddress = address => { try { history.replaceState(null, "", address) } catch (e) {} };
// `#fig1?rate=0.1` on a page, `#ch08-fig1?…` in the book.
const figureAddress = figure => {
  const chapter = $$("article").length > 1 ? figure.closest("article").id + "-" : "";
  return `#${chapter}fig${figure.dataset.figure}`;
};
const framesOf = new Map();

// Frames share their pieces: each is a list of runs, the first piece and how many there are.
const joined = (pieces, runs) => {
  let all = "";
  for (let k = 0; k < runs.length; k += 2) {
    for (let j = 0; j < runs[k + 1]; j++) all += pieces[runs[k] + j];
  }
  return all;
};
// Frames are unpacked when their figure comes near the view.
const nearing = window.IntersectionObserver && new IntersectionObserver(entries => entries.forEach(entry => {
  if (!entry.isIntersecting) return;
  nearing.unobserve(entry.target);
  entry.target.dispatchEvent(new Event("near"));
}), {rootMargin: "100%"});

$$(".explore").forEach(box => {
  // A browser of before 2023 keeps the first frame.
  if (!window.DecompressionStream) return box.remove();
  const data = JSON.parse($(".frames", box).textContent), figure = box.parentNode, caption = $("figcaption", figure);
  const picture = $(".pic", figure), input = $("input", box), output = $("output", box), play = $(".play", box);
  const buttons = input ? [] : $$("button", box), screens = ["broad", "narrow", "deck"];
  let frame = data.initial, told = 0, hasRoom = false, drawings = null, coming = null;

  const unpack = () => coming ||= unpacked($(".packed", box).textContent, "deflate").json().then(all => {
    drawings = all;
    $(".packed", box).remove();
  });
  box.addEventListener("near", unpack);
  nearing?.observe(box);

  const say = k => {
    if (data.titles) $(".finding", caption).innerHTML = data.titles[k];
    if (data.captions) $(".rest", caption).innerHTML = data.captions[k];
    [output, $(".numbers .frame-value", figure)].forEach(element => { if (element) element.textContent = data.values[k] });
  };

  // Pictures of one size and room for the longest caption: nothing below moves when a frame changes.
  const makeRoom = () => {
    if (hasRoom || presents() || !figure.getClientRects().length) return;
    hasRoom = true;
    for (const screen of screens.slice(0, 2)) {
      const home = $(".plot-" + screen, picture);
      if (!home || !drawings[screen].length) continue;
      const sizes = drawings[screen].map(runs =>
        joined(drawings.pieces, runs).match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/).slice(1).map(Number));
      home.style.aspectRatio = `${sizes[0][0]} / ${Math.max(...sizes.map(([w, h]) => h * sizes[0][0] / w))}`;
    }
    caption.style.minHeight = "";
    if (!data.titles && !data.captions) return;
    const heights = data.values.map((_, k) => {
      say(k);
      return caption.offsetHeight;
    });
    caption.style.minHeight = Math.max(...heights) + "px";
    say(frame);
  };
  addEventListener("resize", () => hasRoom = false);

  const draw = async () => {
    if (!drawings) await unpack();
    makeRoom();
    for (const screen of screens) {
      const home = $(".plot-" + screen, picture), runs = drawings[screen][frame];
      if (home && runs) home.innerHTML = joined(drawings.pieces, runs);
    }
    const table = $(".numbers .scroll", figure);
    if (table) table.innerHTML = joined(drawings.rows, drawings.tables[frame]);
    figure.dispatchEvent(new CustomEvent("redrawn", {bubbles: true}));
  };

  const show = (next, isQuiet) => {
    frame = Math.max(0, Math.min(data.values.length - 1, next));
    say(frame);
    if (input) {
      input.value = frame;
      input.setAttribute("aria-valuetext", data.values[frame]);
    }
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", k === frame));
    if (data.headings) box.dispatchEvent(new CustomEvent("retitle", {bubbles: true, detail: data.headings[frame]}));
    draw();
    if (isQuiet || presents()) return;
    clearTimeout(told);
    told = setTimeout(() => setAddress(`${figureAddress(figure)}?${data.name}=${data.values[frame]}`), 200);
  };
  framesOf.set(figure, {
    count: data.values.length, at: () => frame, show,
    // Names have signs of equality in them, as `σ = g/√D`; the value stands behind the last.
    find: query => data.values.findIndex(v => query.endsWith("=" + v)
      || parseFloat(v) === parseFloat(query.slice(query.lastIndexOf("=") + 1))),
  });

  buttons.forEach((button, k) => button.addEventListener("click", () => show(k)));
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
    stop();
    show(wanted);
  });
  // Nothing moves by itself for readers who asked for that: a press is a frame.
  play.addEventListener("click", () => {
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
