// A lecturer asks a panel: back to the page's settings, what is chosen, set, dragged and pressed, steps; then what must be seen.
// Body of a function of the panel's name, the question and a callback, which gets whether it was seen, and what the panel
// reports. SEES is put in by panels.py: the page's policy does not let a text become a program.

const [name, asked, done] = arguments, s = document.querySelector(`.panel[data-panel="${name}"]`);
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
const until = async (test, seconds) => {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await pause(10)) if (test()) return true;
  return false;
};
// Until the panel has not changed for a moment.
const settled = async () => {
  let changed = performance.now();
  const observer = new MutationObserver(() => changed = performance.now());
  observer.observe(s, {attributes: true, childList: true, subtree: true});
  await until(() => performance.now() - changed > 50, 5);
  observer.disconnect();
};
const press = key => s.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
const put = (input, value, event = "input") => {
  input.value = value;
  input.dispatchEvent(new Event(event, {bubbles: true}));
};
const doIt = async asked => {
  for (const label of asked.choose || []) [...s.querySelectorAll(".choices button")].find(b => b.textContent === label).click();
  for (const [slider, value] of Object.entries(asked.set || {})) put(s.querySelector(`#${s.id}-${slider}`), value);
  for (const [place, text] of Object.entries(asked.type || {})) put(s.querySelector(place), text);
  await settled();
  if (asked.drag) {
    const [place, x, y] = asked.drag, home = s.querySelector(place), box = home.firstChild.getBoundingClientRect();
    home.setPointerCapture = () => {};
    home.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height}));
    await settled();
  }
  if (asked.strokes) {
    s.dispatchEvent(new CustomEvent("strokes", {detail: asked.strokes}));
    await settled();
  }
  for (const key of asked.press || []) {
    press(key);
    await settled();
  }
  // Full stops until so many steps are made.
  const steps = () => +(s.dataset.steps ?? s.dataset.nets);
  while (asked.steps && steps() < asked.steps) {
    const before = steps();
    press(".");
    if (!await until(() => steps() !== before, 10)) return;
  }
};
(async () => {
  press("R");
  await settled();
  for (const part of [].concat(asked.first || [], asked)) await doIt(part);
  if (asked.plays) press(" ");
  const sees = await until(() => SEES, asked.plays ? 20 : 5);
  if (s.hasAttribute("data-plays")) press(" ");
  done([sees, {...s.dataset}]);
})();
