// The deck: elements of the article, a few at a time, followed by an appendix.

let article = null, cards = [], slide = 0, typed = "", lent = "", stage, foot, notes, overview, help, isFromPage = false;
const ofSlide = (n, attribute = "s") =>
  $$(`:scope>[data-${attribute}]`, article).filter(e => e.dataset[attribute].split(" ").includes(String(n)));
const deckOf = article => article && $$(".deck").find(d => d.dataset.for === article.id);

// The slides of the talk are first, followed by those of the appendix; navigation stays within one of the two parts.
const talk = () => cards.filter(c => !c.appendix).length;
const part = (n = slide) => cards[n]?.appendix ? [talk(), cards.length] : [0, talk()];
const label = n => {
  const [from, to] = part(n);
  return `${cards[n].appendix ? "appendix " : ""}${n - from + 1} / ${to - from}`;
};

// Splits code into elements for lines, so that some can be hidden; together they contain the same text.
const splitLines = code => {
  if ($(".line", code)) return;
  const all = [];
  let line = null;
  for (const node of [...code.childNodes]) {
    for (const text of node.textContent.match(/[^\n]*\n|[^\n]+/g) || []) {
      if (!line) {
        line = make("span", null, "line");
        all.push(line);
      }
      if (node.nodeType === Node.ELEMENT_NODE) {
        const part = node.cloneNode();
        part.textContent = text;
        line.append(part);
      } else {
        line.append(text);
      }
      if (text.endsWith("\n")) line = null;
    }
  }
  code.replaceChildren(...all);
};

// Shows the part of a table's rows or of a code's lines that belongs to a slide.
const showShare = (element, n) => {
  if (!element.dataset.rows) return;
  $$("pre>code", element).forEach(splitLines);
  const counts = element.dataset.rows.split(" ").map(Number), part = element.dataset.s.split(" ").indexOf(String(n));
  const from = counts.slice(0, part).reduce((a, b) => a + b, 0);
  $$("tbody tr,.line,.claims>li", element).forEach((row, i) => row.classList.toggle("off", i < from || i >= from + counts[part]));
};

// Shows or hides the answer to the question of a slide, and marks the right choice.
const showAnswer = (answer, isOpen) => {
  answer.open = isOpen;
  if (!isOpen && !answer.closest(".settled")) $(".verdict", answer).textContent = "";
  $$(".opts button", answer.parentNode).forEach(e => e.classList.toggle("right", isOpen && "right" in e.dataset));
};

// Shows how far off a number from the audience is, which is entered on the slide. The reader's own answer is separate.
const tellOnSlide = (box, {words}) => {
  const answer = $(".answer", box);
  $(".verdict", answer).textContent = words;
  showAnswer(answer, true);
  document.activeElement.blur();
  fit();
  tellPresenter();
};

const show = n => {
  slide = Math.max(0, Math.min(cards.length - 1, n));
  $$(":scope>.on", article).forEach(e => e.classList.remove("on"));
  const list = ofSlide(slide);
  list.forEach(e => {
    e.classList.add("on");
    showShare(e, slide);
    // An answer is shown by its own step; folded content of the page is not on a slide.
    $$("details.answer", e).forEach(d => showAnswer(d, false));
    if (e.matches(".fold")) e.open = true;
    $$(".guess input", e).forEach(input => {
      input.readOnly = false;
      input.value = "";
    });
    $$("details.lines,details.more", e).forEach(d => d.open = true);
  });
  root.classList.remove("black", "zoom");
  stage.innerHTML = cards[slide].title;
  fillFoot();
  notes.replaceChildren(...notesOf(slide));
  arrange();
  article.scrollTop = 0;
  setAddress("#present-" + (cards[slide].appendix ? "A" + (slide - talk() + 1) : slide + 1));
  tellPresenter();
};

// The picture of a figure that is shown in this window: drawn for the deck, for a page, or for a phone.
const shownPicture = figure => $$(".pic svg", figure).find(e => getComputedStyle(e.parentNode).display !== "none");

// The height of the smallest text of a picture, in the picture's units.
const smallestText = svg => Math.min(...$$("text", svg).map(e => parseFloat(getComputedStyle(e).fontSize)));

// Whether a title is short enough for a slide.
const isForSlide = title => {
  const words = make("p");
  words.innerHTML = title;
  return words.textContent.length <= 60;
};

// Reserves space for the longest title of all frames, so that the picture does not move.
const holdTitle = titles => {
  const said = stage.innerHTML;
  stage.style.removeProperty("min-height");
  const heights = titles.map(title => {
    stage.innerHTML = title;
    return stage.getBoundingClientRect().height;
  });
  stage.innerHTML = said;
  if (titles.length) stage.style.minHeight = Math.max(...heights) + "px";
};

// Places a figure below its title, or beside it if the figure is then much larger or only then readable from the back
// row; then fits the text.
const arrange = () => {
  const list = ofSlide(slide), picture = list.length === 1 && list[0].matches(".plot") && shownPicture(list[0]);
  const headings = framesOf.get(list[0])?.headings.filter(isForSlide) || [];
  const place = isBeside => {
    article.classList.toggle("beside", isBeside);
    holdTitle(headings);
  };
  const sizes = [false, true].map(isBeside => {
    place(isBeside);
    return picture ? picture.getScreenCTM()?.a || 0 : 0;
  });
  const isSmall = picture && smallestText(picture) * sizes[0] < .0247 * innerHeight;
  place(sizes[1] > sizes[0] * (isSmall ? 1.02 : 1.25));
  fit();
};

const fillFoot = () => {
  const keys = typed ? `slide ${typed}: Enter` : "? keys";
  foot.replaceChildren(...[
    `${article.dataset.chapter} · ${article.dataset.name}`, `${keys} · ${label(slide)}`,
  ].map(text => {
    const span = make("span");
    span.textContent = text;
    return span;
  }));
  const bar = make("span", "deckbar"), [from, to] = part();
  bar.style.width = 100 * (slide - from + 1) / (to - from) + "%";
  foot.append(bar);
};

// The notes for the speaker: the chapter's notes, the prose around the slide, the rest of its captions.
const notesOf = n => {
  const own = make("div", null, "own");
  own.innerHTML = cards[n].notes;
  const copies = ofSlide(n, "n").map(e => {
    const copy = e.cloneNode(true);
    copy.removeAttribute("id");
    return copy;
  });
  const rests = ofSlide(n).flatMap(e => $$(".rest", e)).filter(e => e.textContent.trim()).map(e => {
    const copy = make("p");
    copy.innerHTML = e.innerHTML;
    return copy;
  });
  const none = make("p");
  none.textContent = "No notes for this slide.";
  const all = [...own.childElementCount ? [own] : [], ...copies, ...rests];
  return all.length ? all : [none];
};

// A small version of a slide: its title and its content.
const miniature = n => {
  const mini = make("div", null, "mini");
  mini.inert = true;
  ofSlide(n).forEach(e => {
    const copy = e.cloneNode(true);
    copy.removeAttribute("id");
    copy.classList.remove("on");
    showShare(copy, n);
    mini.append(copy);
  });
  return mini;
};

const fillOverview = () => {
  overview.replaceChildren(...cards.map(({title, appendix}, i) => {
    const card = make("button", null, `card${i === slide ? " now" : ""}${appendix ? " more" : ""}`);
    card.type = "button";
    const number = make("i"), name = make("b");
    number.textContent = label(i).replace(/ \/.*/, "").replace("appendix ", "A");
    name.innerHTML = title || article.dataset.name;
    card.append(number, name, miniature(i));
    card.addEventListener("click", () => {
      root.classList.remove("overview");
      show(i);
    });
    return card;
  }));
  ($(".now", overview) || overview).focus();
};

// Moves one step on: to the answer of this slide, otherwise to the next slide of this part.
const advance = () => {
  const answer = $(":scope>.on details.answer:not([open])", article);
  if (!answer) return show(Math.min(slide + 1, part()[1] - 1));
  showAnswer(answer, true);
  fit();
  tellPresenter();
};
const retreat = () => show(Math.max(slide - 1, part()[0]));

// The slide of the talk from which the appendix was opened.
let leftAt = 0;
const turnPart = () => {
  if (cards[slide].appendix) return show(leftAt);
  if (talk() === cards.length) return;
  leftAt = slide;
  show(talk());
};

const enter = n => {
  article = $$("article").find(a => !a.hidden);
  const deck = deckOf(article);
  if (!deck) return;
  cards = JSON.parse(deck.textContent);
  if (n == null) {
    const all = $$(":scope>[data-s]", article).filter(e => e.getClientRects().length && +e.dataset.s.split(" ")[0] < talk());
    n = +(all.find(e => e.getBoundingClientRect().bottom > 80)?.dataset.s.split(" ")[0] || 0);
  }
  stage ||= make("p", "stage");
  foot ||= make("div", "deckfoot");
  notes ||= make("div", "notes");
  overview ||= make("div", "overview");
  if (!help) {
    help = make("div", "keyhelp");
    help.innerHTML = "<dl>" + [
      ["→ space", "answer, next slide"], ["←", "back"], ["↑ ↓", "frames of a figure"], ["7 Enter", "slide 7"],
      ["a", "appendix and back"], ["o", "overview"], ["n", "notes"], ["s", "speaker’s window"], ["z", "figure alone"],
      ["b", "black screen"], ["f", "full screen"], ["t", "theme"], ["Esc", "leave"],
    ].map(([key, what]) => `<dt>${key}</dt><dd>${what}</dd>`).join("") + "</dl>";
  }
  notes.setAttribute("role", "region");
  notes.setAttribute("aria-label", "Speaker notes");
  stage.setAttribute("role", "heading");
  stage.setAttribute("aria-level", "1");
  stage.setAttribute("aria-live", "polite");
  article.prepend(stage);
  article.append(foot, notes, overview, help);
  root.classList.add("present");
  // Black on white, unless the reader has chosen another theme.
  if (!root.dataset.theme) root.dataset.theme = lent = "projector";
  show(n);
};

const leave = () => {
  const at = ofSlide(slide)[0];
  root.classList.remove("present", "overview", "shownotes", "zoom", "black", "showkeys");
  isFromPage = false;
  article.classList.remove("beside", "scrolls");
  $$(":scope>.on", article).forEach(e => e.classList.remove("on"));
  [stage, foot, notes, overview, help].forEach(e => e.remove());
  restoreAnswers();
  $$("details.more", article).forEach(d => d.open = false);
  if (lent && lent === root.dataset.theme) delete root.dataset.theme;
  lent = "";
  if (document.fullscreenElement) document.exitFullscreen();
  setAddress(location.pathname + location.search);
  at?.scrollIntoView();
};

const leaveZoom = () => {
  if (isFromPage) return leave();
  root.classList.remove("zoom");
  arrange();
};

$("#present")?.addEventListener("click", () => enter(null));
document.addEventListener("click", event => {
  const zoom = event.target.closest("button.big");
  if (!zoom) return;
  isFromPage = true;
  enter(+zoom.closest("[data-s]").dataset.s.split(" ")[0]);
  root.classList.add("zoom");
});
// An answer or a fold that opens needs space.
document.addEventListener("toggle", () => { if (presents()) fit() }, true);
document.addEventListener("click", event => { if (presents() && event.target.closest(".opts,.guess")) fit() });
// The text of a frame may need more space than that of the previous one.
document.addEventListener("redrawn", () => {
  if (!presents()) return;
  fit();
  tellPresenter();
});
// The title of a figure's slide follows its slider, if the frame's title is short enough for a slide.
document.addEventListener("retitle", event => {
  if (!isForSlide(event.detail)) return;
  const deck = deckOf(event.target.closest("article")), figure = event.target.closest("[data-s]");
  if (!deck || !figure) return;
  const all = JSON.parse(deck.textContent);
  for (const n of figure.dataset.s.split(" ")) all[n].title = event.detail;
  deck.textContent = JSON.stringify(all);
  if (!presents()) return;
  cards = all;
  stage.innerHTML = cards[slide].title;
});
addEventListener("resize", () => { if (presents()) arrange() });
