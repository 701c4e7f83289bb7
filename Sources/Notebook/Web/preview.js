// What a link within the page leads to, shown beside it: a figure, or a section's title and first sentence.

let preview = null;
const dropPreview = () => {
  preview?.remove();
  preview = null;
};
const previewOf = link => {
  const id = decodeURIComponent((link.getAttribute("href") || "").slice(1)), target = id && document.getElementById(id);
  if (!target || link.closest(".toc,.top,.pager,.card,#overview") || link.matches(".anchor,.skip,.self,.book")) return null;
  if (target.closest(".veiled")) return null;
  const box = make("div", null, "preview"), text = make("p");
  if (target.matches("figure")) {
    text.innerHTML = $(".finding", target)?.innerHTML || "";
    const picture = shownPicture(target)?.cloneNode(true), mini = make("div", null, "mini");
    if (picture) mini.append(picture);
    box.append(text, mini);
  } else if (target.matches("h2,h3")) {
    const next = target.nextElementSibling, first = make("p");
    text.innerHTML = `<b>${target.firstChild.textContent}</b>`;
    first.textContent = next?.matches("p") ? next.textContent.slice(0, 220) + " …" : "";
    box.append(text, first);
  } else {
    return null;
  }
  $$("[id]", box).forEach(e => e.removeAttribute("id"));
  box.setAttribute("aria-hidden", "true");
  return box;
};
const offerPreview = event => {
  const link = event.target.closest?.("a[href^='#']");
  if (!link || presents() || preview?.link === link) return;
  dropPreview();
  preview = previewOf(link);
  if (!preview) return;
  preview.link = link;
  const at = link.getBoundingClientRect();
  preview.style.left = Math.max(8, Math.min(at.left, innerWidth - 420)) + scrollX + "px";
  preview.style.top = at.bottom + scrollY + 6 + "px";
  document.body.append(preview);
};
document.addEventListener("pointerover", event => {
  if (event.target.closest?.("a[href^='#']")) offerPreview(event);
  else dropPreview();
});
document.addEventListener("focusin", offerPreview);
document.addEventListener("focusout", dropPreview);
document.addEventListener("keydown", event => { if (event.key === "Escape") dropPreview() });
