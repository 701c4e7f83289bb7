// The scoreboard: filters claims by verdict, chapter and source.

const tallies = $$(".tally button"), filters = $$("[data-filter]"), claims = $$(".board .claims>li");
const filterClaims = () => {
  const verdict = tallies.find(e => e.getAttribute("aria-pressed") === "true")?.dataset.verdict;
  claims.forEach(claim => claim.hidden = !!verdict && claim.dataset.verdict !== verdict
    || filters.some(e => e.value && !claim.dataset[e.dataset.filter].split(" ").includes(e.value)));
};
tallies.forEach(button => button.addEventListener("click", () => {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  tallies.forEach(other => other.setAttribute("aria-pressed", other === button && isOn));
  filterClaims();
}));
filters.forEach(filter => filter.addEventListener("change", filterClaims));
