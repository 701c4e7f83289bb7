// Code shared by the scripts of a page. All scripts are joined into one function in the order of `PageScript.page`.

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

// A number in one of the usual notations: 0,5 and −0.5, 60,000 and 1/8 and 3×10⁻⁴, with or without a unit; otherwise
// NaN.
const raisedDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const numberOf = words => {
  const text = words.replace(/[\s'’]+/g, "").replaceAll("−", "-");
  const plain = part => parseFloat(/^-?[1-9]\d{0,2}(,\d{3})+(?!\d)/.test(part) ? part.replaceAll(",", "") : part.replace(",", "."));
  const [, factor, sign, exponent, raised] = /^(?:(.+)[×x*·]|(-?))10(?:\^(-?\d+)|(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))/.exec(text) || [];
  const power = exponent ?? (raised && [...raised].map(c => c === "⁻" ? "-" : raisedDigits.indexOf(c)).join(""));
  if (power != null) return (factor ? plain(factor) : sign ? -1 : 1) * 10 ** power;
  const [, over, under] = /^(-?\d+)\/(\d+)/.exec(text) || [];
  return under ? over / under : plain(text);
};

// Marks the reader's position in the table of contents.
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
addEventListener("beforeprint", () => $$("details.answer,details.fold,details.lines,details.more").forEach(d => {
  // The sheets of a deck show the question first and the answer on the next sheet.
  if (d.closest("#sheets")) return;
  d.open = true;
  d.hidden = false;
}));
