// What the other scripts of a page share. All of them are joined into one function in the order of `PageScript.page`.

const root = document.documentElement;
const $ = (query, node = document) => node.querySelector(query);
const $$ = (query, node = document) => [...node.querySelectorAll(query)];

const presents = () => root.classList.contains("present");

const make = (tag, id, style) => {
  const element = document.createElement(tag);
  if (id) element.id = id;
  if (style) element.className = style;
  return element;
};

// Where the reader is, in the list of contents.
const links = new Map($$(".toc a").map(a => [decodeURIComponent(a.hash.slice(1)), a]));
if (links.size && window.IntersectionObserver) {
  const seen = new IntersectionObserver(entries => entries.forEach(entry => {
    if (!entry.isIntersecting) return;
    links.forEach(a => a.classList.remove("here"));
    links.get(entry.target.id)?.classList.add("here");
  }), {rootMargin: "0px 0px -70% 0px"});
  links.forEach((a, id) => {
    const heading = document.getElementById(id);
    if (heading) seen.observe(heading);
  });
}
if (matchMedia("(max-width:1239px)").matches) $$(".toc details").forEach(d => d.open = false);
addEventListener("beforeprint", () => $$("details.answer,details.fold,details.lines").forEach(d => {
  d.open = true;
  d.hidden = false;
}));
