// Slides: the elements of the article, a few at a time.

let article = null, titles = [], slide = 0, stage, foot, notes, overview, isFromPage = false;
const presents = () => root.classList.contains("present");
const ofSlide = (n, attribute = "s") =>
  $$(`:scope>[data-${attribute}]`, article).filter(e => e.dataset[attribute].split(" ").includes(String(n)));
const setAddress = address => { try { history.replaceState(null, "", address) } catch (e) {} };

// Lines of code as elements, so that some can be left out; their text together is the code as before.
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

// Shows the share of a table's rows or of a code's lines that belongs to a slide.
const showShare = (element, n) => {
  if (!element.dataset.rows) return;
  $$("pre>code", element).forEach(splitLines);
  const counts = element.dataset.rows.split(" ").map(Number), part = element.dataset.s.split(" ").indexOf(String(n));
  const from = counts.slice(0, part).reduce((a, b) => a + b, 0);
  $$("tbody tr,.line", element).forEach((row, i) => row.classList.toggle("off", i < from || i >= from + counts[part]));
};

// How far an element's content runs past the slide: below its footer, or out of the boxes that hold it.
//
// The ink of a subscript hangs out of its box by a part of its size at every size; that is no lack of room.
const excess = element => {
  const end = foot.getBoundingClientRect().top - 4, ink = parseFloat(getComputedStyle(element).fontSize) * .6;
  const scrolls = getComputedStyle(element).overflowY === "auto";
  return {
    below: Math.max(
      element.getBoundingClientRect().bottom - end, scrolls ? element.scrollHeight - element.clientHeight - ink : 0),
    beside: [element, ...$$(".scroll,pre", element)].map(e => e.scrollWidth - e.clientWidth - 1),
  };
};

// Text as large as the slide holds, at most 1.35 times. What is too broad at the smallest size (a row of a table that
// does not break) is so at any, and does not make the rest small; what is too high even then is scrolled.
const largest = 1.35, smallest = .6, readable = .8;
const fit = () => {
  const list = ofSlide(slide);
  article.classList.remove("scrolls");
  if (!list.some(e => e.matches("p,.text,.math,.table,.code,.box"))) return article.style.removeProperty("--fit");
  const measure = size => {
    article.style.setProperty("--fit", size);
    return list.map(excess);
  };
  const least = measure(smallest), isTooHigh = least.some(e => e.below > 0);
  const fits = size => measure(size).every((now, i) =>
    now.below <= 0 && now.beside.every((x, k) => x <= 0 || least[i].beside[k] > 0));
  let size = isTooHigh ? readable : largest;
  while (!isTooHigh && size > smallest && !fits(size)) size = Math.round(100 * (size - .05)) / 100;
  measure(size);
  article.classList.toggle("scrolls", isTooHigh);
};

const show = n => {
  slide = Math.max(0, Math.min(titles.length - 1, n));
  $$(":scope>.on", article).forEach(e => e.classList.remove("on"));
  const list = ofSlide(slide);
  list.forEach(e => {
    e.classList.add("on");
    showShare(e, slide);
  });
  article.classList.toggle("words", list.every(e => e.matches(list.length > 1 ? "p,.text,.math,.code" : "p,.text,.math")));
  if (!list.some(e => e.matches(".plot"))) root.classList.remove("zoom");
  // A figure that is not much wider than high has more room beside its title than below it.
  const box = list.length === 1 && list[0].matches(".plot") && $("svg", list[0])?.viewBox.baseVal;
  article.classList.toggle("beside", !!box && box.height > 0 && box.width / box.height < 1.7);
  stage.innerHTML = titles[slide];
  const keys = "← → move · o overview · n notes · z figure · f full screen";
  foot.replaceChildren(...[
    `${article.dataset.chapter} · ${article.dataset.name}`, `${keys} · ${slide + 1} / ${titles.length}`,
  ].map(text => {
    const span = make("span");
    span.textContent = text;
    return span;
  }));
  const bar = make("span", "deckbar");
  bar.style.width = 100 * (slide + 1) / titles.length + "%";
  foot.append(bar);
  fillNotes(list);
  fit();
  article.scrollTop = 0;
  setAddress("#present-" + (slide + 1));
};

// What the slide does not show, for the speaker: prose around it, and the rest of its captions.
const fillNotes = list => {
  const copies = ofSlide(slide, "n").map(e => {
    const copy = e.cloneNode(true);
    copy.removeAttribute("id");
    return copy;
  });
  const rests = list.flatMap(e => $$(".rest", e)).filter(e => e.textContent.trim()).map(e => {
    const copy = make("p");
    copy.innerHTML = e.innerHTML;
    return copy;
  });
  notes.replaceChildren(...copies, ...rests);
  if (!notes.childElementCount) notes.textContent = "No notes for this slide.";
};

const fillOverview = () => {
  overview.replaceChildren(...titles.map((title, i) => {
    const card = make("button", null, "card" + (i === slide ? " now" : ""));
    card.type = "button";
    const number = make("i"), name = make("b"), mini = make("div", null, "mini");
    number.textContent = i + 1;
    name.innerHTML = title || article.dataset.name;
    mini.inert = true;
    ofSlide(i).forEach(e => {
      const copy = e.cloneNode(true);
      copy.removeAttribute("id");
      copy.classList.remove("on");
      showShare(copy, i);
      mini.append(copy);
    });
    card.append(number, name, mini);
    card.addEventListener("click", () => {
      root.classList.remove("overview");
      show(i);
    });
    return card;
  }));
  ($(".now", overview) || overview).focus();
};

const enter = n => {
  article = $$("article").find(a => !a.hidden);
  const deck = article && $$(".deck").find(d => d.dataset.for === article.id);
  if (!deck) return;
  titles = JSON.parse(deck.textContent);
  if (n == null) {
    const top = $$(":scope>[data-s]", article).find(e => e.getBoundingClientRect().bottom > 80);
    n = top ? +top.dataset.s.split(" ")[0] : 0;
  }
  stage ||= make("p", "stage");
  foot ||= make("div", "deckfoot");
  notes ||= make("div", "notes");
  overview ||= make("div", "overview");
  notes.setAttribute("role", "region");
  notes.setAttribute("aria-label", "Speaker notes");
  stage.setAttribute("role", "heading");
  stage.setAttribute("aria-level", "1");
  stage.setAttribute("aria-live", "polite");
  article.prepend(stage);
  article.append(foot, notes, overview);
  root.classList.add("present");
  show(n);
};

const leave = () => {
  const at = ofSlide(slide)[0];
  root.classList.remove("present", "overview", "shownotes", "zoom");
  isFromPage = false;
  article.classList.remove("words", "beside", "scrolls");
  $$(":scope>.on", article).forEach(e => e.classList.remove("on"));
  [stage, foot, notes, overview].forEach(e => e.remove());
  if (document.fullscreenElement) document.exitFullscreen();
  setAddress(location.pathname + location.search);
  at?.scrollIntoView();
};

const leaveZoom = () => {
  if (isFromPage) return leave();
  root.classList.remove("zoom");
  fit();
};

$("#present")?.addEventListener("click", () => enter(null));
document.addEventListener("click", event => {
  const zoom = event.target.closest("button.big");
  if (!zoom) return;
  isFromPage = true;
  root.classList.add("zoom");
  enter(+zoom.closest("[data-s]").dataset.s.split(" ")[0]);
});
// An answer or a fold that opens needs room.
document.addEventListener("toggle", () => { if (presents()) fit() }, true);
document.addEventListener("click", event => { if (presents() && event.target.closest(".opts,.guess")) fit() });
// The title of a figure's slide follows its slider; what it belongs to, small above it, stays.
document.addEventListener("retitle", event => {
  const home = event.target.closest("article"), deck = home && $$(".deck").find(d => d.dataset.for === home.id);
  if (!deck) return;
  const all = JSON.parse(deck.textContent);
  for (const n of event.target.closest("[data-s]").dataset.s.split(" ")) {
    all[n] = (/^<small class="over">.*?<\/small> /.exec(all[n])?.[0] || "") + event.detail;
  }
  deck.textContent = JSON.stringify(all);
  if (!presents()) return;
  titles = all;
  stage.innerHTML = titles[slide];
});
addEventListener("resize", () => { if (presents()) fit() });
