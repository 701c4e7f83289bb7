// The speaker's own window: this slide and the next, what to say, a clock, and the page beside it.

let presenter = null, startedAt = 0, ticking = 0;

const openPresenter = () => {
  presenter = open("", "workbook-presenter", "popup,width=1280,height=800");
  if (!presenter) {
    root.classList.add("shownotes");
    notes.prepend("The browser did not open a second window: allow pop-ups for this page. ");
    return;
  }
  const other = presenter.document;
  other.head.replaceChildren(...$$("head>style,head>meta[name=viewport]").map(e => other.importNode(e, true)));
  other.title = "Speaker · " + article.dataset.name;
  other.documentElement.lang = "en";
  other.documentElement.className = "speaker";
  other.body.innerHTML = '<div class="now"></div><div class="next"></div><div class="say"></div>'
    + '<div class="clock"><b></b><span></span><button type="button">start again</button></div><div class="beside"></div>';
  startedAt = Date.now();
  other.querySelector("button").addEventListener("click", () => startedAt = Date.now());
  // Keys mean the same in both windows.
  other.addEventListener("keydown", event => {
    if (document.dispatchEvent(new KeyboardEvent("keydown", {key: event.key, bubbles: true, cancelable: true}))) return;
    event.preventDefault();
  });
  clearInterval(ticking);
  ticking = setInterval(tick, 1000);
  tick();
  tellPresenter();
};

const tick = () => {
  if (!presenter || presenter.closed) return clearInterval(ticking);
  const seconds = Math.floor((Date.now() - startedAt) / 1000), two = n => String(n).padStart(2, "0");
  presenter.document.querySelector(".clock b").textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  presenter.document.querySelector(".clock span").textContent = new Date().toTimeString().slice(0, 5);
};

// The section of the page that a slide comes from.
const sectionOf = element => {
  if (!element) return [];
  let first = element;
  while (first.previousElementSibling && first.tagName !== "H2") first = first.previousElementSibling;
  const all = [first];
  for (let e = first.nextElementSibling; e && e.tagName !== "H2" && e !== foot; e = e.nextElementSibling) all.push(e);
  return all;
};

const tellPresenter = () => {
  if (!presenter || presenter.closed || !presents()) return;
  const other = presenter.document, next = slide + 1 < part()[1] ? slide + 1 : null;
  const copy = node => other.importNode(node, true);
  const view = (n, word) => {
    const title = make("h2"), small = make("small");
    small.textContent = n == null ? word : `${word} · ${label(n)}`;
    title.innerHTML = n == null ? "the end" : cards[n].title || article.dataset.name;
    return [small, title, ...n == null ? [] : [miniature(n)]].map(copy);
  };
  other.documentElement.dataset.theme = root.dataset.theme || "";
  other.querySelector(".now").replaceChildren(...view(slide, "now"));
  other.querySelector(".next").replaceChildren(...view(next, "next"));
  other.querySelector(".say").replaceChildren(...notesOf(slide).map(copy));
  const beside = other.querySelector(".beside"), here = ofSlide(slide)[0];
  beside.replaceChildren(...sectionOf(here).filter(e => e !== stage).map(e => {
    const twin = copy(e);
    twin.classList.remove("on");
    twin.classList.toggle("here", e === here);
    return twin;
  }));
  beside.querySelector(".here")?.scrollIntoView({block: "center"});
};
