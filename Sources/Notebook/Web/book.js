// The book: one chapter at a time, a ranked search over all of them, and what the reader has done.

const parts = $$("main>section,main>article"), search = $(".search"), hits = $(".hits"), found = $(".found");

const route = () => {
  if (/^#(present|sheets)/.test(location.hash)) return;
  const id = decodeURIComponent(location.hash.slice(1)).split("?")[0], target = id && document.getElementById(id);
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
// A site has one part to a page.
if (!$(".search-index")) {
  addEventListener("hashchange", route);
  route();
}

// How much a hit in an element counts: titles before captions before text before code.
const weightOf = e => e.matches("h2,h3,.head") ? 8 : e.matches(".plot,.takeaway") ? 4 : e.matches("p,.text,.box") ? 3 : e.matches(".code") ? 1 : 2;

// The text of every element of every chapter, with the heading above it; made when somebody searches.
let index = null;
const makeIndex = () => $$("main>article").flatMap(chapter => {
  let heading = "", id = chapter.id;
  return [...chapter.children].filter(e => !e.matches(".slide,.veil")).flatMap(element => {
    if (/^H[23]$/.test(element.tagName)) {
      heading = element.firstChild.textContent;
      id = element.id;
    }
    const copy = element.cloneNode(true);
    $$("svg,script,math,.numbers,.strip,.dl,.explore,.sure", copy).forEach(e => e.remove());
    $$("td,th,tr,li,p,small,summary,button,figcaption", copy).forEach(e => e.append(" "));
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    return text ? [{
      chapter: chapter.dataset.chapter, name: chapter.dataset.name, heading, href: "#" + (element.id || id), text,
      weight: weightOf(element),
    }] : [];
  });
});
const readIndex = () => ($(".search-index") ? JSON.parse($(".search-index").textContent) : makeIndex()).map(e => ({
  ...e, lower: e.text.toLowerCase(), title: `${e.name} ${e.heading}`.toLowerCase(),
}));

// All words must be there; a word in a title counts most, then what it stands in, then how often.
const scoreOf = (entry, words) => words.reduce((sum, word) => {
  const times = entry.lower.split(word).length - 1, isWhole = new RegExp("\\b" + word.replace(/[^\w ]/g, "\\$&") + "\\b").test(entry.lower);
  return sum + (entry.title.includes(word) ? 10 : 0) + (entry.weight || 3) + Math.min(times, 4) + (isWhole ? 3 : 0);
}, entry.title.includes(words.join(" ")) ? 20 : entry.lower.includes(words.join(" ")) ? 8 : 0);

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
  index ||= readIndex();
  const places = index.filter(e => words.every(w => e.lower.includes(w) || e.title.includes(w)))
    .map(e => ({...e, score: scoreOf(e, words)})).sort((a, b) => b.score - a.score), most = 40;
  found.textContent = !places.length ? "Nothing found."
    : `${places.length} ${places.length > 1 ? "places" : "place"}${places.length > most ? `, the best ${most} shown` : ""}`;
  hits.append(...places.slice(0, most).map(e => {
    const item = make("li"), link = make("a"), from = Math.max(0, e.lower.indexOf(words.find(w => e.lower.includes(w)) || "") - 50);
    link.href = e.href;
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

// How many questions of a chapter the reader has answered, and how many rightly.
const mine = Object.entries(memory.all());
$$("[data-predicted]").forEach(place => {
  const given = mine.filter(([key, e]) => key.startsWith(place.dataset.predicted + "-predict-") && e.given != null);
  if (!given.length) return;
  place.textContent = `predicted ${given.length} of ${place.dataset.of}, ${given.filter(([, e]) => e.isRight).length} rightly`;
});
