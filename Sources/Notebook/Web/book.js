// The book: one chapter at a time, and a search over all of them.

const parts = $$("main>section,main>article"), search = $(".search"), hits = $(".hits"), found = $(".found");

const route = () => {
  if (/^#present/.test(location.hash)) return;
  const id = decodeURIComponent(location.hash.slice(1)), target = id && document.getElementById(id);
  const part = target && target.closest("main>section,main>article") || parts[0];
  parts.forEach(p => p.hidden = p !== part);
  $$(".toc [data-part]").forEach(list => list.hidden = list.dataset.part !== part.id);
  $$(".toc [data-link]").forEach(a => {
    if (a.dataset.link === part.id) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  });
  document.title = (part.dataset.name ? part.dataset.name + " · " : "") + "The ConvNet Workbook";
  if (target && target !== part) target.scrollIntoView();
  else scrollTo(0, 0);
};
addEventListener("hashchange", route);
route();

// The text of every element of every chapter, with the heading above it; made when somebody searches.
let index = null;
const makeIndex = () => $$("main>article").flatMap(chapter => {
  let heading = "", id = chapter.id;
  return [...chapter.children].flatMap(element => {
    if (/^H[23]$/.test(element.tagName)) {
      heading = element.firstChild.textContent;
      id = element.id;
    }
    const copy = element.cloneNode(true);
    $$("svg,script,math,.numbers,.strip,.dl,.explore", copy).forEach(e => e.remove());
    $$("td,th,tr,li,p,small,summary,button,figcaption", copy).forEach(e => e.append(" "));
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    return text ? [{
      chapter: chapter.dataset.chapter, name: chapter.dataset.name, heading, id: element.id || id, text,
      lower: text.toLowerCase(),
    }] : [];
  });
});

// A text with the words that were looked for marked.
const marked = (text, words) => {
  const result = make("small");
  while (text) {
    const lower = text.toLowerCase();
    let best = -1, word = "";
    for (const w of words) {
      const at = lower.indexOf(w);
      if (at >= 0 && (best < 0 || at < best)) [best, word] = [at, w];
    }
    if (best < 0) break;
    const mark = make("mark");
    mark.textContent = text.slice(best, best + word.length);
    result.append(text.slice(0, best), mark);
    text = text.slice(best + word.length);
  }
  result.append(text);
  return result;
};

search?.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  hits.replaceChildren();
  found.textContent = "";
  if (!words.length) return;
  index ||= makeIndex();
  const places = index.filter(e => words.every(w => e.lower.includes(w))), most = 40;
  found.textContent = !places.length ? "Nothing found."
    : `${places.length} ${places.length > 1 ? "places" : "place"}${places.length > most ? `, the first ${most} shown` : ""}`;
  hits.append(...places.slice(0, most).map(e => {
    const item = make("li"), link = make("a"), from = Math.max(0, e.lower.indexOf(words[0]) - 50);
    link.href = "#" + e.id;
    link.textContent = `${e.chapter} ${e.name}${e.heading ? " · " + e.heading : ""}`;
    item.append(link, marked((from ? "… " : "") + e.text.slice(from, from + 180), words));
    return item;
  }));
});
document.addEventListener("keydown", event => {
  if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(event.target.tagName) || root.classList.contains("present")) return;
  event.preventDefault();
  location.hash = "#index";
  setTimeout(() => search.focus());
});
