// Opens each panel when it comes into view; its thread ends with the page.

const panels = new Map($$(".panel").map(section => [section, null]));
const openPanel = async section => {
  if (panels.get(section)) return;
  const panel = new Panel(section);
  panels.set(section, panel);
  asksOf(panel);
  const opens = panel.open();
  // The panel that the reader comes to next finds its thread ready.
  if ([...panels.values()].some(panel => !panel)) idle().then(keepReserve);
  try { await opens } catch (error) { panel.fail(error) }
};

if (panels.size && window.Worker && window.WebAssembly && window.DecompressionStream) {
  const near = new IntersectionObserver(entries => entries.forEach(({isIntersecting, target}) => {
    if (isIntersecting) openPanel(target);
  }), {rootMargin: "200px"});
  panels.forEach((_, section) => near.observe(section));
  // The first panel that the reader comes to will find the module compiled and a thread ready.
  idle().then(keepReserve);
}
const goToPanel = () => document.getElementById(addresses.keys().next().value)?.scrollIntoView();
// A page that is served while it is written keeps the reader's place.
if (!document.documentElement.dataset.kept) goToPanel();
// Panels follow an address that is changed while the page is open. Those of figures and headings leave them alone.
addEventListener("hashchange", () => {
  readAddress();
  if (!addresses.size) return;
  panels.forEach(panel => panel?.readdress());
  goToPanel();
});
