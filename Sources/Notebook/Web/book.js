// The book: one chapter at a time, a ranked search over all chapters, and the reader's progress.

const parts = $$("main>section,main>article"), search = $(".search"), hits = $(".hits"), found = $(".found");

const route = () => {
  if (/^#(present|sheets)/.test(location.hash)) return;
  const target = figureMeant().figure || location.hash.length > 1 && document.getElementById(hashWords());
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
// A site has one part per page.
if (!$(".search-index")) {
  addEventListener("hashchange", route);
  route();
}

// The weight of a hit in an element: titles before captions before text before code.
const weightOf = e => e.matches(".head") ? 8 : e.matches(".plot,.takeaway") ? 4 : e.matches(".code") ? 1 : e.matches("p,.text,.box") ? 3 : 2;

// Parts of an element that are not searched: numbers, buttons, and answers still to be predicted. Formulas are searched
// as they are read aloud. Words are separated where the page separates them.
const unread = "svg,script,button,.numbers,.strip,.dl,.explore,.sure,.answer,.guess,.on-paper,.pad,.hidden,.anchor";
const wordsOf = node => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(unread)) return " ";
  if (node.matches("math")) return node.getAttribute("aria-label") || " ";
  const words = [...node.childNodes].map(wordsOf).join("");
  return node.matches("a,abbr,b,code,em,i,kbd,mark,span,strong,sub,sup") ? words : ` ${words} `;
};

// The sections of every chapter with the texts of their elements, computed at the first search.
let index = null;
const makeIndex = () => $$("main>article").flatMap(chapter => {
  const begin = (heading, id) => ({chapter: chapter.dataset.chapter, name: chapter.dataset.name, heading, href: "#" + id, parts: []});
  const sections = [begin("", chapter.id)];
  for (const element of $$(":scope>:not(.slide,.veil,.later,.pager)", chapter)) {
    if (element.matches("h2,h3")) {
      sections.push(begin(wordsOf(element).trim(), element.id));
      continue;
    }
    const text = wordsOf(element).replace(/\s+/g, " ").trim();
    if (text) sections.at(-1).parts.push({text, weight: weightOf(element), href: element.id ? "#" + element.id : ""});
  }
  return sections;
});
const readIndex = () => ($(".search-index") ? JSON.parse($(".search-index").textContent) : makeIndex()).map(section => ({
  ...section, inName: section.name.toLowerCase(), inHeading: section.heading.toLowerCase(),
  parts: section.parts.map(part => ({...part, lower: part.text.toLowerCase()})),
}));

// A section is found once, if it contains all words. Its score is that of its best part: a hit in a title counts most,
// then the kind of the element, then the number of hits.
const scoreOf = (section, words) => {
  const {inName, inHeading, parts} = section, phrase = words.join(" "), isHead = !inHeading;
  const titled = word => (inHeading.includes(word) ? 12 : 0) + (inName.includes(word) ? isHead ? 12 : 2 : 0);
  if (!words.every(w => titled(w) || parts.some(p => p.lower.includes(w)))) return null;
  const rated = parts.map(part => ({part, score: words.reduce((sum, word) => {
    const times = part.lower.split(word).length - 1;
    const isWhole = new RegExp("(^|[^\\p{L}\\d])" + word.replace(/[^\p{L}\d]/gu, "\\$&") + "($|[^\\p{L}\\d])", "u").test(part.lower);
    return sum + (times ? part.weight + Math.min(times, 4) + (isWhole ? 3 : 0) : 0);
  }, part.lower.includes(phrase) && words.length > 1 ? 2 * part.weight : 0)}));
  const best = rated.reduce((a, b) => b.score > a.score ? b : a, {part: parts[0], score: 0});
  const title = words.reduce((sum, word) => sum + titled(word), (isHead ? inName : inHeading).includes(phrase) ? 20 : 0);
  return {...section, part: best.part || {text: "", lower: ""}, score: title + best.score};
};

// A text with the search words marked.
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
  const places = index.map(section => scoreOf(section, words)).filter(Boolean).sort((a, b) => b.score - a.score), most = 40;
  found.textContent = !places.length ? "Nothing found."
    : `${places.length} ${places.length > 1 ? "sections" : "section"}${places.length > most ? `, the best ${most} shown` : ""}`;
  hits.append(...places.slice(0, most).map(({chapter, name, heading, href, part}) => {
    const item = make("li"), link = make("a"), at = part.lower.indexOf(words.find(w => part.lower.includes(w)) || "");
    // An excerpt starts with a whole word.
    const from = at < 50 ? 0 : part.text.indexOf(" ", at - 50) + 1;
    link.href = part.href || href;
    link.textContent = `${chapter} ${name}${heading ? " · " + heading : ""}`;
    item.append(link, marked((from ? "… " : "") + part.text.slice(from, from + 180), words));
    return item;
  }));
});
document.addEventListener("keydown", event => {
  if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(event.target.tagName) || root.classList.contains("present")) return;
  event.preventDefault();
  location.hash = "#index";
  setTimeout(() => search.focus());
});

// The number of questions of a chapter that the reader has answered, and how many of them correctly.
const mine = Object.entries(memory.all());
$$("[data-predicted]").forEach(place => {
  const given = mine.filter(([key, e]) => key.startsWith(place.dataset.predicted + "-predict-") && e.given != null);
  if (!given.length) return;
  place.textContent = `predicted ${given.length} of ${place.dataset.of}, ${given.filter(([, e]) => e.isRight).length} rightly`;
});
