// The speaker's window: the current slide and the next one, the notes, a clock, and the page beside them.

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
  other.body.innerHTML = ["now", "next"].map(name => `<section class="${name}"><small></small><div class="screen"></div></section>`).join("")
    + '<div class="clock"><b></b><span></span><button type="button">start again</button></div>'
    + '<div class="say"></div><div class="reader"></div>';
  presenter.addEventListener("resize", fitScreens);
  startedAt = Date.now();
  $("button", other).addEventListener("click", () => startedAt = Date.now());
  // Keys have the same meaning in both windows.
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
  $(".clock b", presenter.document).textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  $(".clock span", presenter.document).textContent = new Date().toTimeString().slice(0, 5);
};

// The section of the page to which a slide belongs.
const sectionOf = element => {
  if (!element) return [];
  let first = element;
  while (first.previousElementSibling && first.tagName !== "H2") first = first.previousElementSibling;
  const all = [first];
  for (let e = first.nextElementSibling; e && e.tagName !== "H2" && e !== foot; e = e.nextElementSibling) all.push(e);
  return all;
};

// A slide as this window shows it or would show it, laid out invisibly so that its text can be fitted.
const slideNow = () => {
  const copy = article.cloneNode(true);
  $$(":scope>*", copy).forEach(e => { if (!e.matches(".on,#stage,#deckfoot")) e.remove() });
  return copy;
};
const slideAhead = n => {
  const copy = article.cloneNode(false), title = stage.cloneNode(false), bottom = foot.cloneNode(true), here = [article, slide, foot];
  title.innerHTML = cards[n].title;
  copy.append(title, ...ofSlide(n).map(e => {
    const twin = e.cloneNode(true);
    twin.classList.add("on");
    showShare(twin, n);
    $$("details.answer", twin).forEach(d => showAnswer(d, false));
    $$("details.lines,details.more", twin).forEach(d => d.open = true);
    return twin;
  }), bottom);
  copy.style.visibility = "hidden";
  article.after(copy);
  [article, slide, foot] = [copy, n, bottom];
  arrange();
  [article, slide, foot] = here;
  copy.remove();
  copy.style.visibility = "";
  $("span:nth-child(2)", bottom).textContent = label(n);
  return copy;
};

// Scales both slides to the size of their places.
const fitScreens = () => $$(".screen", presenter.document).forEach(screen => {
  const sheet = screen.firstElementChild, {width, height} = screen.getBoundingClientRect();
  if (sheet) sheet.style.transform = `scale(${Math.min(width / innerWidth, height / innerHeight)})`;
});

const tellPresenter = () => {
  if (!presenter || presenter.closed || !presents()) return;
  const other = presenter.document, next = slide + 1 < part()[1] ? slide + 1 : null, size = parseFloat(getComputedStyle(root).fontSize);
  const copy = node => other.importNode(node, true);
  const fill = (name, n, node) => {
    const place = $("." + name, other), sheet = other.createElement("div");
    $("small", place).textContent = n == null ? "the end" : `${name} · ${label(n)}`;
    sheet.className = "present";
    sheet.inert = true;
    sheet.style.cssText = `width: ${innerWidth}px; height: ${innerHeight}px`;
    sheet.style.setProperty("font-size", size + "px", "important");
    if (node) sheet.append(copy(node));
    $(".screen", place).replaceChildren(...node ? [sheet] : []);
  };
  // Slides are measured in this window's font size; the notes and the page have their own.
  other.documentElement.style.setProperty("font-size", size + "px", "important");
  other.documentElement.style.setProperty("--zoom", 16 / size);
  other.documentElement.dataset.theme = root.dataset.theme || "";
  fill("now", slide, slideNow());
  fill("next", next, next == null ? null : slideAhead(next));
  fitScreens();
  $(".say", other).replaceChildren(...notesOf(slide).map(copy));
  const page = $(".reader", other), here = ofSlide(slide)[0];
  page.replaceChildren(...sectionOf(here).filter(e => e !== stage).map(e => {
    const twin = copy(e);
    twin.classList.remove("on");
    twin.classList.toggle("here", e === here);
    return twin;
  }));
  $(".here", page)?.scrollIntoView();
};
