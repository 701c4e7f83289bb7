// Explorable figures: the slider moves the picture, and all that is said of it.

const calm = matchMedia("(prefers-reduced-motion:reduce)");

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
  const html = (element, markup) => element.innerHTML = markup, plain = (element, value) => element.textContent = value;
  const from = pieces => (element, runs) => html(element, joined(pieces, runs));
  const svg = from(data.pieces), table = from(data.rows);
  const parts = [
    [$(".plot-broad", picture) || picture, data.broad, svg], [$(".plot-narrow", picture), data.narrow, svg],
    [$(".numbers .scroll", figure), data.tables, table], [$(".numbers .frame-value", figure), data.values, plain],
    [$(".finding", figure), data.titles, html], [$(".rest", figure), data.captions, html], [output, data.values, plain],
  ].filter(([element, frames]) => element && frames?.length);

  const show = () => {
    const frame = +input.value;
    parts.forEach(([element, frames, set]) => set(element, frames[frame]));
    input.setAttribute("aria-valuetext", output.value);
    if (data.headings?.length) box.dispatchEvent(new CustomEvent("retitle", {bubbles: true, detail: data.headings[frame]}));
  };

  let timer = 0;
  const step = () => {
    input.value = (+input.value + 1) % data.broad.length;
    show();
  };
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
    stop();
    show();
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
