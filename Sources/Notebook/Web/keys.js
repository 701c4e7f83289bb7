// The keyboard, swipes, and the slide that the address asks for.

const forward = ["ArrowRight", "ArrowDown", "PageDown"], back = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];

const escape = () => {
  if (root.classList.contains("zoom")) return leaveZoom();
  for (const state of ["overview", "shownotes"]) {
    if (root.classList.contains(state)) return root.classList.remove(state);
  }
  leave();
};

const moveInOverview = event => {
  const cards = $$(".card", overview), at = cards.indexOf(document.activeElement);
  const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
  if (!step) return;
  cards[Math.max(0, Math.min(cards.length - 1, at + step))].focus();
  event.preventDefault();
};

document.addEventListener("keydown", event => {
  const {key, target} = event, isRange = target.type === "range";
  const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isRange;
  if (event.ctrlKey || event.metaKey || event.altKey || writes) return;
  if (key === "t") return nextTheme();
  if (key === "p") {
    event.preventDefault();
    return presents() ? leave() : enter(null);
  }
  if (!presents()) return;
  if (key === "Escape") return escape();
  if (key === "o") {
    if (root.classList.toggle("overview")) fillOverview();
    return;
  }
  if (root.classList.contains("overview")) return moveInOverview(event);
  if (key === "n") return root.classList.toggle("shownotes");
  if (key === "z") return $(":scope>.plot.on", article) && root.classList.toggle("zoom");
  if (key === "f") return document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
  if (isRange && /^(Arrow|Home|End|Page)/.test(key)) return;
  const presses = (key === " " || key === "Enter") && !target.closest?.("button,summary,a");
  if (forward.includes(key) || presses) {
    event.preventDefault();
    show(slide + 1);
  } else if (back.includes(key)) {
    event.preventDefault();
    show(slide - 1);
  } else if (key === "Home") {
    show(0);
  } else if (key === "End") {
    show(titles.length - 1);
  }
});

let touch = null;
document.addEventListener("touchstart", event => touch = event.touches[0].clientX, {passive: true});
document.addEventListener("touchend", event => {
  if (!presents() || touch == null || event.target.type === "range") return;
  const distance = event.changedTouches[0].clientX - touch;
  if (Math.abs(distance) > 60) show(slide + (distance < 0 ? 1 : -1));
});

const wanted = /^#present(?:-(\d+))?$/.exec(location.hash);
if (wanted) enter(wanted[1] ? wanted[1] - 1 : 0);
else if ("present" in root.dataset) enter(0);
