// Questions: a choice or a number, and then the answer.

const tell = (box, isRight) => {
  const answer = $(".answer", box);
  if (!answer) return;
  answer.open = true;
  $(".verdict", answer).textContent = isRight ? "Right. " : "Not this time. ";
};

const choose = button => {
  const box = button.closest(".box");
  $$(".opts button", box).forEach(other => {
    other.classList.toggle("picked", other === button);
    other.setAttribute("aria-pressed", other === button);
    other.classList.toggle("right", "right" in other.dataset);
  });
  tell(box, "right" in button.dataset);
};

// Decimal commas and proper minus signs are numbers too.
const judge = guess => {
  const input = $("input", guess), value = parseFloat(input.value.trim().replace(",", ".").replace("\u2212", "-"));
  if (isNaN(value)) return input.focus();
  const right = +guess.dataset.answer;
  tell(guess.parentNode, Math.abs(value - right) <= Math.abs(right) * +guess.dataset.within + 1e-12);
};

document.addEventListener("click", event => {
  const choice = event.target.closest(".opts button"), compare = event.target.closest(".guess button");
  if (choice) choose(choice);
  if (compare) judge(compare.parentNode);
});
document.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches?.(".guess input")) judge(event.target.closest(".guess"));
});
