// Every figure in every frame, at this window's width: labels on top of one another, text past the column, text that is
// too small to read. Returns problems.

document.querySelectorAll(".veil button").forEach(button => button.click());
const out = [], least = innerWidth < 600 ? 9 : 10;
const look = (figure, name) => {
  const svg = [...figure.querySelectorAll(".pic svg")].find(e => e.getClientRects().length);
  if (!svg) return;
  const column = figure.getBoundingClientRect();
  const labels = [...svg.querySelectorAll("text")].filter(e => e.textContent.trim()).map(e => ({
    text: e.textContent.trim(), box: e.getBoundingClientRect(), size: parseFloat(getComputedStyle(e).fontSize) * svg.getScreenCTM().a,
    // Turned text: its upright box is mostly empty.
    isTurned: !!e.closest("[transform*=rotate]"),
  }));
  const words = new Set();
  for (const {text, box, size} of labels) {
    if (box.right > column.right + 3 || box.left < column.left - 3) words.add(`“${text}” runs past the column`);
    if (size < least) words.add(`“${text}” in ${size.toFixed(1)} px`);
  }
  // The letters take about two thirds of a line's height, and touching boxes are no overlap.
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
for (const figure of document.querySelectorAll("article:not([hidden]) figure.plot")) {
  const name = figure.querySelector("figcaption b").textContent.replace(/\.$/, ""), input = figure.querySelector(".explore input");
  if (!input) {
    look(figure, name);
    continue;
  }
  const before = input.value;
  for (let k = 0; k <= +input.max; k++) {
    input.value = k;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    look(figure, `${name}, frame ${k + 1}`);
  }
  input.value = before;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}
return out;
