// Presses the "Show me" of a panel's question, and waits for what must be seen.
// Body of a function of the panel's name, the question's place and a callback, which gets whether it was seen, and what
// the panel reports. SEES is put in by panels.py: the page's policy does not let a text become a program.

const [name, place, done] = arguments, s = document.querySelector(`.panel[data-panel="${name}"]`);
const until = async (test, seconds) => {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    if (test()) return true;
    await new Promise(next => setTimeout(next, 10));
  }
  return false;
};
(async () => {
  s.querySelector(".asks").open = true;
  s.querySelectorAll(".asks .shows")[place].click();
  // The page's own settings come first: what is seen before that is the last question's.
  await new Promise(next => setTimeout(next, 300));
  const sees = await until(() => SEES, 30);
  if (s.hasAttribute("data-plays")) s.dispatchEvent(new KeyboardEvent("keydown", {key: " ", bubbles: true}));
  done([sees, {...s.dataset}]);
})();
