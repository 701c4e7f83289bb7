// For every picture with numbers: an arrow key shows one of them, and its position is inside the picture.
// Returns problems and the number of pictures.

const out = [];
let count = 0;
const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
// Folded pictures must be opened first.
document.querySelectorAll("article:not([hidden]) details.fold").forEach(fold => fold.open = true);
for (const svg of document.querySelectorAll("article:not([hidden]) .pic svg[data-hover]")) {
  if (!svg.getClientRects().length) continue;
  const figure = svg.closest("figure"), name = figure.querySelector("figcaption b").textContent;
  // Long data are in a file beside the page, which is then the only source for a picture of cells.
  if (!figure.querySelector("a[download$='.csv']")) continue;
  count++;
  svg.focus();
  press(svg, "ArrowRight");
  const tip = figure.querySelector(".tip"), box = svg.getBoundingClientRect();
  if (!tip || !/\d|–/.test(tip.innerText)) {
    out.push(`${name} tells no number: ${tip?.innerText}`);
    continue;
  }
  for (const mark of svg.querySelectorAll(".spot,.mark")) {
    const r = mark.getBoundingClientRect();
    if (r.left < box.left - 12 || r.right > box.right + 12 || r.top < box.top - 12 || r.bottom > box.bottom + 12) {
      out.push(`${name} points outside itself`);
    }
  }
  const before = tip.innerText;
  press(svg, "ArrowRight");
  press(svg, "ArrowDown");
  if (figure.querySelector(".tip")?.innerText === before) out.push(`${name} stays at ${before}`);
  svg.blur();
}
return [out, count];
