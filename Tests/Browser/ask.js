// Presses the "Show me" button of a panel's question, and waits for the expected state.
// Body of a function of the panel's name, the question's index and a callback, which receives whether the state was
// reached and what the panel reports. panels.py inserts SEES, because the page's policy does not allow text to be run
// as a program.

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
  // The page's own settings are set first; a state reached before that belongs to the previous question.
  await new Promise(next => setTimeout(next, 300));
  const sees = await until(() => SEES, 30);
  if (s.hasAttribute("data-plays")) s.dispatchEvent(new KeyboardEvent("keydown", {key: " ", bubbles: true}));
  done([sees, {...s.dataset}]);
})();
