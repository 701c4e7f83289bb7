// Checks every slide of the deck in this window, with answers closed and open: overflow and text that is too small.
// Returns [problems, titles, the number of slides in the talk].

const smallest = 0.025 * innerHeight * 0.985, out = [], titles = [];
const press = key => document.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const article = document.querySelector("article:not([hidden])");
const cards = JSON.parse([...document.querySelectorAll(".deck")].find(d => d.dataset.for === article.id).textContent);
const talk = cards.filter(c => !c.appendix).length;
const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
// Superscripts, subscripts, and text for screen readers only, may be small.
const exempt = "msub>:not(:first-child),msup>:not(:first-child),msubsup>:not(:first-child),munder>:not(:first-child)," +
  "mover>:not(:first-child),munderover>:not(:first-child),mfrac>*,sup,sub,.hidden,title,desc,.pad,details:not([open])>:not(summary)";

// The size of a text on the screen in pixels, also if it is rotated.
const sizeOf = e => {
  const size = parseFloat(getComputedStyle(e).fontSize);
  if (!e.closest("svg")) return size;
  const {a, b} = e.getScreenCTM();
  return size * Math.hypot(a, b);
};
const look = (name, state) => {
  const say = text => out.push(`slide ${name}${state}: ${text}`);
  const foot = document.getElementById("deckfoot").getBoundingClientRect();
  const shown = [...document.querySelectorAll("#stage, article>.on")].filter(seen);
  if (!shown.length) say("empty");
  const boxes = [];
  for (const e of shown) {
    const r = e.getBoundingClientRect();
    if (r.bottom > foot.top + 1 || r.right > innerWidth + 1 || r.left < 0 || r.top < 0) {
      say(`${e.tagName}.${e.className} ${[r.left, r.top, r.right, r.bottom].map(Math.round)} in ${innerWidth} × ${Math.round(foot.top)}`);
    }
    if (boxes.some(o => r.top < o.bottom - 2 && o.top < r.bottom - 2 && r.left < o.right - 2 && o.left < r.right - 2)) {
      say("elements overlap");
    }
    boxes.push(r);
  }
  for (const e of document.querySelectorAll("#stage .whole, article>.on .whole")) {
    if (e.getClientRects().length > 1) say(`${e.textContent} is broken`);
  }
  const size = parseFloat(article.style.getPropertyValue("--fit") || 1);
  if (size < 0.8) say(`text at ${size} of its size`);
  if (article.classList.contains("scrolls")) say("does not fit at 0.8 of the ordinary size");
  const small = new Map();
  for (const part of [...shown, document.getElementById("deckfoot")]) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const e = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
      if (!text || !seen(e) || e.closest(exempt)) continue;
      const size = sizeOf(e);
      if (size < smallest - 0.05) small.set(Math.round(10 * size) / 10, text.slice(0, 24));
      if (!e.closest("svg")) continue;
      const r = e.getBoundingClientRect();
      if (r.left < -2 || r.right > innerWidth + 2 || r.bottom > foot.top + 4) say(`“${text.slice(0, 24)}” runs out of the picture`);
    }
  }
  if (small.size) {
    const least = Math.min(...small.keys());
    say(`text of ${least} px where ${smallest.toFixed(1)} can be read: ${small.get(least)}`);
  }
};
// The picture does not move while its frames change, however long their titles are.
const turn = name => {
  const box = document.querySelector("article>.on .explore"), picture = document.querySelector("article>.on .pic");
  if (!box) return;
  const place = () => Object.values(picture.getBoundingClientRect().toJSON()).map(Math.round).slice(0, 2).join(), home = place();
  const input = box.querySelector("input"), buttons = input ? [] : [...box.querySelectorAll("button")];
  const first = input ? input.value : buttons.findIndex(b => b.getAttribute("aria-pressed") === "true");
  const go = k => {
    if (!input) return buttons[k].click();
    input.value = k;
    input.dispatchEvent(new Event("input"));
  };
  const places = Array.from({length: input ? +input.max + 1 : buttons.length}, (_, k) => (go(k), place()));
  go(first);
  if (places.some(p => p !== home)) out.push(`slide ${name}: the picture moves with its frames: ${home} ${[...new Set(places)].join(" ")}`);
};
const walk = (count, prefix) => {
  press("Home");
  for (let n = 1; n <= count; n++) {
    const answer = document.querySelector("article>.on details.answer:not([open])");
    titles.push(document.getElementById("stage").textContent);
    look(prefix + n, "");
    turn(prefix + n);
    if (answer) {
      press("ArrowRight");
      if (!answer.open) out.push(`slide ${prefix}${n}: a step does not open the answer`);
      look(prefix + n, ", answer open");
    }
    if (n < count) press("ArrowRight");
  }
};
walk(talk, "");
if (cards.length > talk) {
  press("a");
  walk(cards.length - talk, "A");
  press("a");
}
// Nothing is shown twice except parts of distributed elements, and those are shown completely.
for (const e of article.querySelectorAll(":scope>[data-rows]")) {
  const rows = e.querySelectorAll("tbody tr, .line, .claims>li").length, dealt = e.dataset.rows.split(" ").map(Number);
  if (dealt.length !== e.dataset.s.split(" ").length || dealt.reduce((a, b) => a + b) !== rows) {
    out.push(`slides ${e.dataset.s}: ${e.dataset.rows} of ${rows} rows`);
  }
}
return [out, titles, talk];
