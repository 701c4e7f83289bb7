// Explorable figures: a slider or buttons change the picture, its texts, and the address.

const calm = matchMedia("(prefers-reduced-motion:reduce)");
const setAddress = address => { try { history.replaceState(null, "", address) } catch (e) {} };
// The text of the address after its #, whether or not a browser or a mail program has encoded it.
const hashWords = () => {
  const words = location.hash.slice(1);
  try { return decodeURIComponent(words.replace(/%(?![\da-f]{2})/gi, "%25")) } catch (e) { return words }
};
// `#fig1?rate=0.1` on a page, `#ch08-fig1?…` in the book.
const figureAddress = figure => {
  const chapter = $$("article").length > 1 ? figure.closest("article").id + "-" : "";
  return `#${chapter}fig${figure.dataset.figure}`;
};
const framesOf = new Map();

// Frames share pieces: each frame is a list of runs, with the first piece and the length of each run.
const joined = (pieces, runs) => {
  let all = "";
  for (let k = 0; k < runs.length; k += 2) {
    for (let j = 0; j < runs[k + 1]; j++) all += pieces[runs[k] + j];
  }
  return all;
};
// Unpacks the frames of a figure when it is about to become visible.
const nearing = window.IntersectionObserver && new IntersectionObserver(entries => entries.forEach(entry => {
  if (!entry.isIntersecting) return;
  nearing.unobserve(entry.target);
  entry.target.dispatchEvent(new Event("near"));
}), {rootMargin: "100%"});

// The frame for a value in the address, `ŷ=0.667`: the frame with that value, or with the nearest number; names match
// in any case, and by their start. Names of parameters may contain equals signs, as `σ = g/√D`; the value follows the
// last one.
const frameMeant = (values, query) => {
  const simple = text => text.normalize("NFC").toLowerCase().replace(/[\s+_]+/g, " ").trim();
  const all = values.map(simple), isOf = v => simple(query).endsWith("=" + v) || simple(query).endsWith("= " + v);
  const exact = all.findIndex(isOf);
  if (exact >= 0) return exact;
  const meant = simple(query.slice(query.lastIndexOf("=") + 1)), numbers = values.map(numberOf), wanted = numberOf(meant);
  if (!isFinite(wanted) || !numbers.every(isFinite)) return meant ? all.findIndex(v => v.startsWith(meant)) : -1;
  const isByRatio = wanted > 0 && numbers.every(v => v > 0);
  const far = numbers.map(v => isByRatio ? Math.abs(Math.log(v / wanted)) : Math.abs(v - wanted));
  return far.indexOf(Math.min(...far));
};

$$(".explore").forEach(box => {
  // Browsers from before 2023 show only the first frame.
  if (!window.DecompressionStream) return box.remove();
  const data = JSON.parse($(".frames", box).textContent), figure = box.parentNode, caption = $("figcaption", figure);
  const picture = $(".pic", figure), input = $("input", box), output = $("output", box), play = $(".play", box);
  const buttons = input ? [] : $$("button", box), screens = ["broad", "narrow", "deck"];
  let frame = data.initial, told = 0, drawings = null, coming = null;

  const unpack = () => coming ||= unpacked($(".packed", box).textContent, "deflate").json().then(all => {
    drawings = all;
    $(".packed", box).remove();
    makeRoom();
  });
  box.addEventListener("near", unpack);
  nearing?.observe(box);

  const say = k => {
    if (data.titles) $(".finding", caption).innerHTML = data.titles[k];
    if (data.captions) $(".rest", caption).innerHTML = data.captions[k];
    [output, $(".numbers .frame-value", figure)].forEach(element => { if (element) element.textContent = data.values[k] });
  };

  // The maximum size of elements over all frames, measured with the texts of each frame.
  const mostOf = (tell, element, side = "height") => {
    const sizes = data.values.map((_, k) => {
      tell(k);
      return element.getBoundingClientRect()[side];
    });
    tell(frame);
    return Math.max(...sizes);
  };
  // All pictures have the same size, and the texts have space for the longest, so that nothing else moves with the
  // frame.
  const makeRoom = () => {
    if (!drawings || presents() || !caption.offsetWidth) return;
    for (const screen of screens.slice(0, 2)) {
      const home = $(".plot-" + screen, picture);
      if (!home || !drawings[screen].length) continue;
      const sizes = drawings[screen].map(runs =>
        joined(drawings.pieces, runs).match(/viewBox="0 0 ([\d.]+) ([\d.]+)"/).slice(1).map(Number));
      home.style.aspectRatio = `${sizes[0][0]} / ${Math.max(...sizes.map(([w, h]) => h * sizes[0][0] / w))}`;
    }
    const heading = $(".numbers summary", figure), table = $(".numbers[open] .scroll", figure);
    for (const element of [caption, heading, output]) element?.style.removeProperty(element === output ? "min-width" : "min-height");
    if (output) output.style.minWidth = mostOf(say, output, "width") + "px";
    if (data.titles || data.captions) caption.style.minHeight = mostOf(say, caption) + "px";
    if (heading) heading.style.minHeight = mostOf(say, heading) + "px";
    if (!table) return;
    table.style.removeProperty("min-height");
    table.style.minHeight = mostOf(fillTable, table) + "px";
  };
  const fillTable = k => {
    const table = $(".numbers .scroll", figure);
    if (table) table.innerHTML = joined(drawings.rows, drawings.tables[k]);
  };
  // Before it becomes visible, and when the column's width changes or the figure is unveiled or unfolded.
  let breadth = 0;
  const fits = window.ResizeObserver && new ResizeObserver(() => {
    if (presents() || caption.offsetWidth === breadth) return;
    breadth = caption.offsetWidth;
    makeRoom();
  });
  fits?.observe(caption);
  $(".numbers", figure)?.addEventListener("toggle", () => unpack().then(makeRoom));

  const draw = async () => {
    if (!drawings) await unpack();
    for (const screen of screens) {
      const home = $(".plot-" + screen, picture), runs = drawings[screen][frame];
      if (home && runs) home.innerHTML = joined(drawings.pieces, runs);
    }
    fillTable(frame);
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
    told = setTimeout(() => setAddress(`${figureAddress(figure)}?${data.name}=${data.values[frame]}`.replaceAll("%", "%25")), 200);
  };
  framesOf.set(figure, {
    count: data.values.length, headings: data.headings || [], at: () => frame, show,
    find: query => frameMeant(data.values, query),
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
  // With reduced motion, nothing moves automatically: each press shows the next frame.
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (calm.matches) step();
    else timer = setInterval(step, 700);
    label();
  });
  calm.addEventListener("change", stop);
  label();
});

// The figure named in the address, `#fig3?rate=0.1`, or `#ch08-fig3` in the book, with its frame.
const figureMeant = () => {
  const [, chapter, number, query] = /^(?:(ch\d+)-)?fig(\d+)(?:\?(.*=.*))?$/.exec(hashWords()) || [];
  const home = number && (chapter ? document.getElementById(chapter) : $("article"));
  return {figure: home && $(`[data-figure="${number}"]`, home), query};
};
// Scrolls to it.
const goToFigure = () => {
  const {figure, query} = figureMeant(), frames = framesOf.get(figure), at = frames && query ? frames.find(query) : -1;
  if (at >= 0) frames.show(at, true);
  return figure;
};
