// The deck on paper: every slide of the talk on a separate sheet, with questions first without and then with their
// answers.

const makeSheets = () => {
  const at = slide, sheets = make("div", "sheets");
  root.classList.add("sheets");
  const keep = () => {
    const sheet = make("section", null, "sheet"), copy = article.cloneNode(true);
    $$(":scope>*", copy).forEach(e => { if (!e.matches(".on,#stage,#deckfoot")) e.remove() });
    $("#deckfoot span:nth-child(2)", copy).textContent = label(slide);
    sheet.append(copy);
    sheets.append(sheet);
  };
  for (let n = 0; n < talk(); n++) {
    show(n);
    keep();
    if (!$(":scope>.on details.answer:not([open])", article)) continue;
    advance();
    keep();
  }
  document.body.append(sheets);
  show(at);
};

const dropSheets = () => {
  $("#sheets")?.remove();
  root.classList.remove("sheets");
  if (presents()) fit();
};

addEventListener("beforeprint", () => { if (presents() && !$("#sheets")) makeSheets() });
addEventListener("afterprint", dropSheets);
