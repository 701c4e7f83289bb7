// Questions: content that reveals the answer is veiled until the reader has answered, with a confidence, or skipped it.

const memory = {
  all() { try { return JSON.parse(localStorage.getItem("workbook-predictions")) || {} } catch (e) { return {} } },
  keep(all) { try { localStorage.setItem("workbook-predictions", JSON.stringify(all)) } catch (e) {} },
  set(key, value) { this.keep({...this.all(), [key]: value}) },
};

// The text of a question, because in a new version of a chapter an old answer may belong to a different question.
const askedIn = box => $(".asked", box)?.textContent || "";

// Everything from a question to the next question or heading, except slides.
const veiledBy = box => {
  const all = [];
  for (let e = box.nextElementSibling; e && !e.matches("h2,h3,.predict,.veil,.takeaway,nav"); e = e.nextElementSibling) all.push(e);
  return all.filter(e => !e.matches(".slide,.later"));
};

// The measurement of a claim reveals the figure that shows it.
const markClaims = (all, waits) => all.filter(e => e.id).forEach(e =>
  $$(`.held>a.shown[href="#${e.id}"]`).forEach(link => link.closest(".held").classList.toggle("waits", waits)));

const veil = box => {
  const all = veiledBy(box), figures = all.filter(e => e.matches(".plot"));
  all.forEach(e => e.classList.add("veiled"));
  markClaims(all, true);
  const drawn = $(".sketch", box) && beginSketch(box, figures[0]) ? figures.shift() : null;
  const strip = make("p", null, "veil"), pass = make("button");
  const names = figures.map(e => $("figcaption b", e).textContent.replace(/\.$/, "").toLowerCase());
  strip.textContent = `Predict first to see ${names.join(" and ") || "the answer"}, or `;
  pass.type = "button";
  pass.textContent = "skip";
  pass.addEventListener("click", () => {
    settle(box, {given: null});
    $(".answer summary", box).focus();
  });
  strip.append(pass);
  (drawn || box).after(strip);
  $(".answer", box).hidden = true;
};

const unveil = box => {
  const strip = [box.nextElementSibling, box.nextElementSibling?.nextElementSibling].find(e => e?.matches(".veil"));
  if (!strip) return;
  strip.remove();
  endSketch(box);
  veiledBy(box).forEach(e => e.classList.remove("veiled"));
  markClaims(veiledBy(box), false);
  $(".answer", box).hidden = false;
};

// “Off by 5 %”, or a factor if the distance is large.
const distance = (value, right) => {
  if (value === right) return "exactly";
  const part = Math.abs(value - right) / Math.abs(right), ratio = value / right;
  if (!isFinite(part)) return `off by ${+Math.abs(value - right).toPrecision(2)}`;
  if (ratio > 0 && (ratio >= 3 || ratio <= 1 / 3)) return `off by a factor of ${+Math.max(ratio, 1 / ratio).toPrecision(2)}`;
  return `off by ${+(100 * part).toPrecision(part < 0.1 ? 1 : 2)} %`;
};

// Judges the reader's answer: {given, isRight, words}, and a number as it was typed.
const judge = box => {
  const picked = $(".opts .picked", box), guess = $(".guess", box);
  if (picked) {
    const isRight = "right" in picked.dataset;
    return {given: $$(".opts button", box).indexOf(picked), isRight, words: isRight ? "Right. " : "Not this time. "};
  }
  if ($(".sketch", box)) return judgeSketch(box);
  const value = guess ? numberOf($("input", guess).value) : NaN;
  if (!isFinite(value)) return null;
  const right = +guess.dataset.answer, isRight = Math.abs(value - right) <= Math.abs(right) * +guess.dataset.within + 1e-12;
  const off = distance(value, right);
  return {given: value, typed: $("input", guess).value.trim(), isRight, words: isRight ? `Right, ${off}. ` : off[0].toUpperCase() + off.slice(1) + ". "};
};

// Unveils the content, shows the verdict, and stores it.
const settle = (box, entry) => {
  unveil(box);
  const answer = $(".answer", box);
  answer.open = true;
  box.classList.add("settled");
  $(".sure", box).hidden = true;
  $$(".opts button", box).forEach(e => e.classList.toggle("right", "right" in e.dataset));
  $$(".guess input", box).forEach(e => e.readOnly = true);
  $$(".guess button,.sketch button", box).forEach(e => e.hidden = true);
  $(".verdict", answer).textContent = entry.words || "";
  if (!presents()) memory.set(box.id, {...entry, asked: askedIn(box)});
  calibrate();
};

// Asks for the reader's confidence and moves the focus there; the answer settles the question.
const askConfidence = box => {
  if (presents() || box.classList.contains("settled")) return;
  $(".sure", box).hidden = false;
  $(".sure button", box).focus({preventScroll: true});
};

const pick = button => {
  const box = button.closest(".box");
  if (box.classList.contains("settled")) return;
  $$(".opts button", box).forEach(other => {
    other.classList.toggle("picked", other === button);
    other.setAttribute("aria-pressed", other === button);
  });
  askConfidence(box);
};

// The share of correct answers by confidence.
const calibrate = () => {
  const all = memory.all(), boxes = $$("article .predict[id]"), mine = boxes.map(e => all[e.id]).filter(e => e && e.given != null);
  $$(".calibration").forEach(e => e.remove());
  const last = boxes.filter(e => all[e.id]).at(-1);
  if (!mine.length || !last) return;
  const place = make("aside", null, "calibration"), text = make("p"), forget = make("button");
  const right = mine.filter(e => e.isRight).length;
  text.textContent = `Your predictions here: ${right} of ${mine.length} right.`;
  place.append(text);
  const levels = [50, 70, 90].map(sure => [sure, mine.filter(e => e.sure === sure)]).filter(([, list]) => list.length);
  const list = make("ul");
  list.append(...levels.map(([sure, list]) => {
    const item = make("li"), bar = make("i"), words = make("span"), hit = list.filter(e => e.isRight).length;
    bar.style.setProperty("--said", sure + "%");
    bar.style.setProperty("--was", 100 * hit / list.length + "%");
    words.textContent = `${sure} % sure: right ${hit} of ${list.length} times`;
    item.append(bar, words);
    return item;
  }));
  forget.type = "button";
  forget.textContent = "ask me again";
  forget.addEventListener("click", () => {
    const all = memory.all();
    boxes.forEach(e => delete all[e.id]);
    memory.keep(all);
    location.reload();
  });
  place.append(list, forget);
  last.closest("article").append(place);
};

// Without scripts and on paper, an answer is in a separate box after its figure; here it is moved to its question.
const homes = $$(".later").map(place => ({
  place, answer: $(".answer", place), box: document.getElementById($(".answer", place).dataset.of),
}));
homes.forEach(({answer, box}) => box.append(answer));
addEventListener("beforeprint", () => { if (!presents()) homes.forEach(({place, answer}) => place.append(answer)) });
addEventListener("afterprint", () => homes.forEach(({answer, box}) => box.append(answer)));

$$(".predict[id]").forEach(box => {
  if ("given" in box.dataset) return box.classList.add("settled");
  const kept = memory.all()[box.id], entry = kept && (kept.asked ?? askedIn(box)) === askedIn(box) ? kept : null;
  const answer = $(".answer", box);
  if (!answer) return;
  const sure = make("div", null, "sure");
  sure.hidden = true;
  sure.setAttribute("role", "group");
  sure.setAttribute("aria-label", "How sure are you?");
  sure.append("How sure?", ...[50, 70, 90].map(percent => {
    const button = make("button");
    button.type = "button";
    button.textContent = percent + " %";
    button.addEventListener("click", () => {
      const judged = judge(box);
      if (!judged) return complain(box);
      settle(box, {...judged, sure: percent});
      $("summary", answer).focus();
    });
    return button;
  }));
  answer.before(sure);
  veil(box);
  if (!entry) return;
  const given = $$(".opts button", box)[entry.given], input = $(".guess input", box);
  if (given) {
    given.classList.add("picked");
    given.setAttribute("aria-pressed", "true");
  }
  if (input && entry.given != null) input.value = entry.typed ?? entry.given;
  // The run may differ from the one that was predicted, so the answer is judged again.
  settle(box, {...entry, ...given || input?.value ? judge(box) : {}});
  redraw(box, entry.given);
});

document.addEventListener("click", event => {
  const choice = event.target.closest(".opts button"), compare = event.target.closest(".guess button,.sketch button");
  if (choice) pick(choice);
  if (compare) compare.dispatchEvent(new Event("ready", {bubbles: true}));
});
document.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches?.(".guess input")) {
    // Otherwise the same press would activate the button that gets the focus.
    event.preventDefault();
    event.target.dispatchEvent(new Event("ready", {bubbles: true}));
  }
});
// If the input is not a number or too little was drawn, shows a message and moves the focus back.
const complain = box => {
  const input = $(".guess input", box);
  (input || $(".sketch", box))?.setAttribute("aria-invalid", "true");
  (input || sketches.get(box)?.svg)?.focus();
};
// A slide has the audience's numbers and answers; the page has the reader's.
const restoreAnswers = () => $$(".predict[id]").forEach(box => {
  const isSettled = box.classList.contains("settled"), kept = isSettled && memory.all()[box.id] || {}, answer = $(".answer", box);
  $$(".guess input", box).forEach(input => {
    input.readOnly = isSettled;
    input.value = kept.typed ?? kept.given ?? "";
  });
  if (!answer || "given" in box.dataset) return;
  answer.open = isSettled;
  $(".verdict", answer).textContent = kept.words || "";
});
document.addEventListener("input", event => {
  if (event.target.matches(".guess input")) event.target.removeAttribute("aria-invalid");
});
document.addEventListener("ready", event => {
  const box = event.target.closest(".box"), judged = judge(box);
  if (box.classList.contains("settled") && !presents()) return;
  if (!judged) return complain(box);
  if (presents()) return tellOnSlide(box, judged);
  askConfidence(box);
});
// Following a link to veiled content unveils it.
const unveilElement = target => {
  let box = target.closest(".veiled");
  while (box && !box.matches(".predict")) box = box.previousElementSibling;
  if (box) unveil(box);
  target.scrollIntoView();
};
const unveilTarget = () => {
  const target = location.hash.length > 1 && document.getElementById(hashWords());
  if (target && target.closest(".veiled")) unveilElement(target);
};
