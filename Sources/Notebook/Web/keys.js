// The keyboard, swipes, and the slide in the address.

const states = ["showkeys", "black", "overview", "shownotes"];
const escape = () => {
  if (root.classList.contains("zoom")) return leaveZoom();
  const state = states.find(state => root.classList.contains(state));
  if (state) return root.classList.remove(state);
  leave();
};

const moveInOverview = event => {
  const cards = $$(".card", overview), at = cards.indexOf(document.activeElement);
  const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
  if (!step) return;
  cards[Math.max(0, Math.min(cards.length - 1, at + step))].focus();
  event.preventDefault();
};

// Up and down change the frame of a figure with several frames.
const turnFrame = step => {
  const frames = framesOf.get($(":scope>.on", article));
  if (!frames) return step > 0 ? advance() : retreat();
  frames.show(frames.at() + step);
};

const goToTyped = () => {
  show(Math.min(Math.max(+typed, 1), talk()) - 1);
  typed = "";
  fillFoot();
};

const toggle = state => root.classList.toggle(state);
const deckKeys = {
  ArrowRight: advance, PageDown: advance, ArrowLeft: retreat, PageUp: retreat, Backspace: retreat,
  ArrowDown: () => turnFrame(1), ArrowUp: () => turnFrame(-1), Home: () => show(part()[0]), End: () => show(part()[1] - 1),
  a: turnPart, b: () => toggle("black"), ".": () => toggle("black"), n: () => toggle("shownotes"), s: openPresenter,
  o: () => { if (toggle("overview")) fillOverview() }, z: () => $(":scope>.plot.on", article) && toggle("zoom"),
  f: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.(),
  "?": () => toggle("showkeys"), Escape: escape,
};

document.addEventListener("keydown", event => {
  const {key, target} = event, isRange = target.type === "range";
  const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isRange;
  if (writes && key === "Escape") target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || writes) return;
  if (key === "t") return nextTheme();
  if (key === "p") {
    event.preventDefault();
    return presents() ? leave() : enter(null);
  }
  if (!presents()) return;
  if (root.classList.contains("overview") && !["o", "Escape"].includes(key)) return moveInOverview(event);
  if (isRange && /^(Arrow|Home|End|Page)/.test(key)) return;
  if (/^[0-9]$/.test(key)) {
    typed = (typed + key).slice(-3);
    return fillFoot();
  }
  if (key === "Enter" && typed) {
    event.preventDefault();
    return goToTyped();
  }
  const presses = (key === " " || key === "Enter") && !target.closest?.("button,summary,a");
  const action = presses ? advance : deckKeys[key];
  if (!action) return;
  if (key.length > 1 || key === " ") event.preventDefault();
  action();
});

let touch = null;
document.addEventListener("touchstart", event => touch = event.touches[0].clientX, {passive: true});
document.addEventListener("touchend", event => {
  if (!presents() || touch == null || event.target.type === "range") return;
  const distance = event.changedTouches[0].clientX - touch;
  if (Math.abs(distance) > 60) distance < 0 ? advance() : retreat();
});

const followAddress = () => {
  const figure = goToFigure();
  if (figure) unveilElement(figure);
  else unveilTarget();
};
addEventListener("hashchange", followAddress);
followAddress();
const wanted = /^#present(?:-(A?)(\d+))?$/.exec(location.hash);
if (wanted) {
  enter(0);
  if (wanted[2] > 1 || wanted[1]) show((wanted[1] ? talk() : 0) + +wanted[2] - 1);
} else if (location.hash === "#sheets") {
  enter(0);
  makeSheets();
} else if ("present" in root.dataset) {
  enter(0);
}
