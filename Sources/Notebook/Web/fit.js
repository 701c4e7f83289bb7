// Text as large as its slide holds, computed again whenever something on it opens or the window changes.

// How far an element's content runs past the slide: below its footer, or out of the boxes that hold it.
//
// The ink of a subscript hangs out of its box by a part of its size at every size; that is no lack of room.
const excess = (element, air) => {
  const end = foot.getBoundingClientRect().top - 4 - air, ink = parseFloat(getComputedStyle(element).fontSize) * .6;
  const scrolls = getComputedStyle(element).overflowY === "auto";
  return {
    below: Math.max(
      element.getBoundingClientRect().bottom - end, scrolls ? element.scrollHeight - element.clientHeight - ink : 0),
    beside: [element, ...$$(".scroll,pre", element)].map(e => e.scrollWidth - e.clientWidth - 1),
  };
};

// From 1.35 down to 0.8 of the ordinary size: what the back row can read. What is too broad at the smallest size (a row
// of a table that does not break) is so at any, and does not make the rest small; what is too high then is scrolled.
const largest = 1.35, smallest = .8;
const fit = () => {
  const list = ofSlide(slide);
  article.classList.remove("scrolls");
  if (!list.some(e => e.matches("p,.text,.slide,.math,.table,.code,.box,.fold"))) return article.style.removeProperty("--fit");
  // A box leaves some air above the footer, where it can.
  const measure = (size, air = 0) => {
    article.style.setProperty("--fit", size);
    return list.map(e => excess(e, e.matches(".box") ? air : 0));
  };
  const least = measure(smallest), isTooHigh = least.some(e => e.below > 0);
  const fits = size => measure(size, .02 * innerHeight).every((now, i) =>
    now.below <= 0 && now.beside.every((x, k) => x <= 0 || least[i].beside[k] > 0));
  let size = isTooHigh ? smallest : largest;
  while (size > smallest && !fits(size)) size = Math.round(100 * (size - .05)) / 100;
  measure(size);
  article.classList.toggle("scrolls", isTooHigh);
  // What scrolls must be reached by the keyboard.
  article.toggleAttribute("tabindex", false);
  if (isTooHigh) article.tabIndex = 0;
};
