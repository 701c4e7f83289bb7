// A page that is served while it is written: polls twice a second and returns to the reader's position after a reload.
(() => {
const version = +document.currentScript.dataset.version, key = "workbook-live-place";
const strip = document.body.appendChild(document.createElement("pre"));
strip.className = "served";
strip.setAttribute("role", "status");
strip.hidden = true;

const say = (text, isProblem = false) => {
  strip.hidden = !text;
  strip.classList.toggle("problem", isProblem);
  if (strip.textContent !== text) strip.textContent = text;
};

// Each fold, identified by its text and the number of earlier folds with the same text.
const folds = () => {
  const seen = {};
  return [...document.querySelectorAll("details")].map(fold => {
    const words = fold.querySelector("summary")?.textContent || "";
    seen[words] = (seen[words] || 0) + 1;
    return [`${words} ${seen[words]}`, fold];
  });
};

const isSeen = mark => mark.getClientRects().length > 0;

// The last element with an id above the reader's view, its distance, and the open folds: stored for the next version,
// and for a reload by the reader. The page before the first version has no position and leaves it to the address.
let isKept = false;
const keep = () => {
  if (!version) return;
  // Folded or veiled elements have no position.
  const marks = [...document.querySelectorAll("main [id]")].filter(isSeen).filter(mark => mark.getBoundingClientRect().top < 120);
  const mark = marks.at(-1), top = mark?.getBoundingClientRect().top;
  // Before a reload, the position was stored before the address was changed.
  if (isKept) return;
  const place = {id: mark?.id, top, y: scrollY, hash: location.hash, folds: Object.fromEntries(folds().map(([words, fold]) => [words, fold.open]))};
  try { sessionStorage.setItem(key, JSON.stringify(place)) } catch (e) {}
};

// Otherwise the browser, and a panel named in the address, would scroll to that name.
const renew = () => {
  keep();
  isKept = true;
  if (version && location.hash) history.replaceState(null, "", location.pathname);
  location.reload();
};

const come = () => {
  let place;
  try { place = JSON.parse(sessionStorage.getItem(key)) } catch (e) {}
  // A reader who follows a link wants to see its target.
  if (!place || performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
  document.documentElement.dataset.kept = "yes";
  if (place.hash && !location.hash) history.replaceState(null, "", place.hash);
  folds().forEach(([words, fold]) => { if (words in place.folds) fold.open = place.folds[words] });
  const mark = place.id && document.getElementById(place.id);
  scrollTo({top: mark && isSeen(mark) ? scrollY + mark.getBoundingClientRect().top - place.top : place.y, behavior: "instant"});
};

const ask = async () => {
  try {
    const news = await (await fetch("state", {cache: "no-store"})).json();
    if (news.version !== version) return renew();
    say(news.problem || news.doing, !!news.problem);
  } catch (e) { return say("./workbook live has ended: this page stays as it is.") }
  setTimeout(ask, 500);
};

history.scrollRestoration = "manual";
addEventListener("pagehide", keep);
come();
addEventListener("load", () => {
  // Again, because content loaded since has moved it.
  come();
  try { sessionStorage.removeItem(key) } catch (e) {}
  ask();
});
})();
