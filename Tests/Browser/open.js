// Scrolls to a panel at once, and moves a slider as soon as it is open. Body of a function of the panel's name, a
// slider, its new value and a callback, which receives the milliseconds until it was open, and until something changed
// with the slider.

const [name, slider, value, done] = arguments, s = document.querySelector(`.panel[data-panel="${name}"]`);
const began = performance.now(), took = {};
// Resolves when something in the panel has changed and the test holds.
const once = (what, test) => new Promise(resolve => {
  const look = changes => {
    if (!test(changes)) return;
    observer.disconnect();
    took[what] = performance.now() - began;
    resolve();
  };
  const observer = new MutationObserver(look);
  observer.observe(s, {attributes: true, childList: true, subtree: true});
  look([]);
});
s.scrollIntoView({block: "center", behavior: "instant"});
(async () => {
  await once("open", () => s.dataset.state);
  const input = s.querySelector(`#${s.id}-${slider}`);
  if (input) {
    // Neither the slider's own number nor the result of the panel's proof counts.
    const follows = ({target, attributeName}) => target === s ? attributeName.startsWith("data-") && attributeName !== "data-apart" : target.closest(".cells, .told");
    const answered = once("answered", changes => changes.some(follows));
    input.value = value;
    input.dispatchEvent(new Event("input", {bubbles: true}));
    if (name !== "digit") await answered;
  }
  done(took);
})();
