// Checks the outline of a page for screen readers. Returns problems.

const out = [], all = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter(h => h.getClientRects().length);
const first = all.filter(h => h.tagName === "H1").length;
if (first !== 1) out.push(first + " headings of the first level");
let level = 0;
for (const h of all) { const n = +h.tagName[1];
  if (n > level + 1) out.push("h" + n + " after h" + level + ": " + h.textContent.slice(0, 40)); level = n; }
for (const e of document.querySelectorAll("svg[role=img]")) {
  const ids = (e.getAttribute("aria-labelledby") || "").split(" ").map(i => document.getElementById(i));
  if (!ids.length || ids.some(i => !i || !i.textContent.trim())) out.push("a picture without a text"); }
for (const e of document.querySelectorAll("img:not([alt])")) out.push("an image without alt");
const seen = new Set();
for (const e of document.querySelectorAll("[id]")) {
  if (seen.has(e.id)) out.push("two elements called " + e.id); seen.add(e.id); }
for (const a of document.querySelectorAll("a[href^='#']")) {
  const id = decodeURIComponent(a.getAttribute("href").slice(1));
  const [, chapter, number] = /^(?:(ch\d+)-)?fig(\d+)$/.exec(id) || [];
  const figure = number && document.querySelector(`${chapter ? "#" + chapter : "article"} [data-figure="${number}"]`);
  if (id && !figure && !document.getElementById(id)) out.push("a link to nowhere: #" + id); }
for (const b of document.querySelectorAll("button,input")) {
  const name = b.getAttribute("aria-label") || b.textContent.trim() || (b.labels && b.labels.length);
  if (!name) out.push("a control without a name"); }
return out;
