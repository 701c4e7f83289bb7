// Checks every figure in every frame at this window's width: overlapping labels, text beyond the column, text that is
// too small, numbers or descriptions that are the same in every frame, and anything on the page that moves with a
// slider. Returns a promise of problems.

document.querySelectorAll(".veil button").forEach(button => button.click());
const out = [], least = innerWidth < 600 ? 9 : 10;
const look = (figure, name) => {
  const svg = [...figure.querySelectorAll(".pic svg")].find(e => e.getClientRects().length);
  if (!svg) return;
  const column = figure.getBoundingClientRect();
  const labels = [...svg.querySelectorAll("text")].filter(e => e.textContent.trim()).map(e => ({
    text: e.textContent.trim(), box: e.getBoundingClientRect(), size: parseFloat(getComputedStyle(e).fontSize) * svg.getScreenCTM().a,
    // Rotated text: its upright bounding box is mostly empty.
    isTurned: !!e.closest("[transform*=rotate]"),
  }));
  const words = new Set();
  for (const {text, box, size} of labels) {
    if (box.right > column.right + 3 || box.left < column.left - 3) words.add(`“${text}” runs past the column`);
    if (size < least) words.add(`“${text}” in ${size.toFixed(1)} px`);
  }
  // Letters take about two thirds of a line's height, so boxes that only touch do not overlap.
  const ink = ({box}) => ({
    left: box.left + 1, right: box.right - 1, top: box.top + box.height * 0.22, bottom: box.bottom - box.height * 0.22,
  });
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < i; j++) {
      if (labels[i].isTurned || labels[j].isTurned) continue;
      const a = ink(labels[i]), b = ink(labels[j]);
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
        words.add(`“${labels[i].text}” on “${labels[j].text}”`);
      }
    }
  }
  for (const word of [...words].slice(0, 3)) out.push(`${name}: ${word}`);
};
// A frame is drawn after it is unpacked.
const turn = (figure, move) => new Promise(done => {
  figure.addEventListener("redrawn", done, {once: true});
  move();
});
// Scroll into view, open the numbers, and wait until the frames are unpacked and space is reserved.
const pause = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
const approach = async figure => {
  figure.scrollIntoView({block: "center", behavior: "instant"});
  const numbers = figure.querySelector(".numbers");
  if (numbers) numbers.open = true;
  for (let k = 0; k < 100 && (k < 2 || figure.querySelector(".packed")); k++) await pause();
};
// The positions of everything in the figure, and the width of its slider, must be the same in all frames.
const places = figure => [figure, ...figure.querySelectorAll("figcaption,.explore,.explore input,.numbers,.numbers .scroll")].map(e => {
  const {top, height, width} = e.getBoundingClientRect(), from = figure.getBoundingClientRect().top;
  return [top - from, height, e.matches("input") ? width : 0].map(Math.round).join(" ");
}).join(", ");
const lookAtAll = async () => {
  for (const figure of document.querySelectorAll("article:not([hidden]) figure.plot")) {
    const name = figure.querySelector("figcaption b").textContent.replace(/\.$/, ""), input = figure.querySelector(".explore input");
    const choices = [...figure.querySelectorAll(".choices button")], tables = new Set();
    const moves = choices.map(button => () => button.click());
    for (let k = 0; input && k <= +input.max; k++) {
      moves.push(() => {
        input.value = k;
        input.dispatchEvent(new Event("input", {bubbles: true}));
      });
    }
    if (!moves.length) {
      look(figure, name);
      continue;
    }
    await approach(figure);
    const stood = places(figure), jumps = [], descriptions = new Set();
    const before = input ? +input.value : choices.findIndex(button => button.getAttribute("aria-pressed") === "true");
    for (const [k, move] of moves.entries()) {
      await turn(figure, move);
      look(figure, `${name}, frame ${k + 1}`);
      tables.add(figure.querySelector(".numbers table").textContent);
      descriptions.add([...figure.querySelectorAll(".pic desc")].map(e => e.textContent).join());
      if (places(figure) !== stood) jumps.push(`frame ${k + 1}: ${stood} → ${places(figure)}`);
    }
    if (jumps.length) out.push(`${name}: the page moves in ${jumps.length} of ${moves.length} frames, ${jumps[0]}`);
    if (descriptions.size < tables.size) {
      out.push(`${name}: ${descriptions.size} descriptions for ${tables.size} frames with numbers of their own`);
    }
    if (tables.size < 2) out.push(`${name}: the numbers are the same in all ${moves.length} frames`);
    await turn(figure, moves[before]);
    figure.querySelector(".numbers").open = false;
  }
  return out;
};
return lookAtAll();
