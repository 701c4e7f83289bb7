// The scoreboard: a verdict's count is a button that shows only its claims.

const tallies = $$(".tally button"), claims = $$(".board tbody tr");
tallies.forEach(button => button.addEventListener("click", () => {
  const isOn = button.getAttribute("aria-pressed") !== "true";
  tallies.forEach(other => other.setAttribute("aria-pressed", other === button && isOn));
  claims.forEach(row => row.hidden = isOn && row.dataset.verdict !== button.dataset.verdict);
}));
