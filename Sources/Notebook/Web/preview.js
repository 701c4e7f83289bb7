// Previews of links: a figure, a section's title and first sentence, another chapter's title and question.

let preview = null;
const dropPreview = () => {
  preview?.remove();
  preview = null;
};
// For another chapter, the page has the data of the list of chapters.
const chapterPreview = ({dataset, title}) => {
  const box = make("div", null, "preview"), name = make("b"), text = make("p"), question = make("p");
  name.textContent = `${dataset.chapter} · ${title || dataset.title}`;
  question.textContent = dataset.question;
  text.append(name);
  box.append(text, question);
  box.setAttribute("aria-hidden", "true");
  return box;
};
const previewOf = link => {
  if (link.matches(".chapter")) return chapterPreview(link);
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
  const link = event.target.closest?.(previewed);
  if (!link || presents() || preview?.link === link) return;
  dropPreview();
  preview = previewOf(link);
  if (!preview) return;
  preview.link = link;
  // Remove the browser's tooltip, which would cover the preview.
  if (link.matches(".chapter") && link.title) {
    link.dataset.title = link.title;
    link.removeAttribute("title");
  }
  const at = link.getBoundingClientRect();
  preview.style.left = Math.max(8, Math.min(at.left, innerWidth - 420)) + scrollX + "px";
  preview.style.top = at.bottom + scrollY + 6 + "px";
  document.body.append(preview);
  // Above the link if there is no space below it.
  const {height, bottom} = preview.getBoundingClientRect();
  if (bottom > innerHeight && at.top > height + 12) preview.style.top = at.top + scrollY - height - 6 + "px";
};
const previewed = "a[href^='#'],a.chapter";
document.addEventListener("pointerover", event => {
  if (event.target.closest?.(previewed)) offerPreview(event);
  else dropPreview();
});
document.addEventListener("focusin", offerPreview);
document.addEventListener("focusout", dropPreview);
document.addEventListener("keydown", event => { if (event.key === "Escape") dropPreview() });
