// Makes text as large as its slide allows, again whenever content opens or the window changes.

// The height or width by which an element's content overflows the slide: below its footer, or out of its boxes.
//
// Subscripts overflow their boxes by a part of their size at every size, which does not count.
const excess = (element, air) => {
  const end = foot.getBoundingClientRect().top - 4 - air, ink = parseFloat(getComputedStyle(element).fontSize) * .6;
  const scrolls = getComputedStyle(element).overflowY === "auto";
  return {
    below: Math.max(
      element.getBoundingClientRect().bottom - end, scrolls ? element.scrollHeight - element.clientHeight - ink : 0),
    beside: [element, ...$$(".scroll,pre", element)].map(e => e.scrollWidth - e.clientWidth - 1),
  };
};

// From 1.35 to 0.8 of the ordinary size, which the back row can read. What is too wide at the smallest size (a table
// row that cannot be wrapped) does not make the rest small; what is then too high can be scrolled.
const largest = 1.35, smallest = .8;
const fit = () => {
  const list = ofSlide(slide);
  article.classList.remove("scrolls");
  if (!list.some(e => e.matches("p,.text,.slide,.math,.table,.code,.box,.fold"))) return article.style.removeProperty("--fit");
  // A box leaves some space above the footer if possible.
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
  // Scrollable elements must be reachable with the keyboard.
  article.toggleAttribute("tabindex", false);
  if (isTooHigh) article.tabIndex = 0;
};
