// Finds elements that are wider than the window. Returns problems.

const out = [], width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width)
  out.push("the page is " + document.documentElement.scrollWidth + " wide in " + width);
const clipped = e => { for (let p = e.parentElement; p; p = p.parentElement) {
  if (["auto", "scroll", "hidden"].includes(getComputedStyle(p).overflowX)) return true } return false };
for (const e of document.querySelectorAll("main *")) {
  if (e.closest("svg") && e.tagName !== "svg") continue;
  const r = e.getBoundingClientRect();
  if (r.width > 1 && (r.right > width + 1 || r.left < -1) && !clipped(e))
    out.push(e.tagName + "." + e.className + " from " + Math.round(r.left) + " to " + Math.round(r.right)); }
return out.slice(0, 4);
