// Every picture with numbers: a step by arrow key tells one of them, and what it points at is inside the picture.
// Returns problems and how many pictures were pointed at.

const out = [];
let count = 0;
const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
// What is folded cannot be pointed at before it is opened.
document.querySelectorAll("article:not([hidden]) details.fold").forEach(fold => fold.open = true);
for (const svg of document.querySelectorAll("article:not([hidden]) .pic svg[data-hover]")) {
  if (!svg.getClientRects().length) continue;
  const figure = svg.closest("figure"), name = figure.querySelector("figcaption b").textContent;
  // Long data is a file beside the page, and a picture of cells has it nowhere else.
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
