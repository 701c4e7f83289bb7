// Opens each panel when it becomes visible; its worker ends with the page.

const panels = new Map($$(".panel").map(section => [section, null]));
const openPanel = async section => {
  if (panels.get(section)) return;
  const panel = new Panel(section);
  panels.set(section, panel);
  asksOf(panel);
  const opens = panel.open();
  // A worker is ready for the next panel.
  if ([...panels.values()].some(panel => !panel)) idle().then(keepReserve);
  try { await opens } catch (error) { panel.fail(error) }
};

if (panels.size && window.Worker && window.WebAssembly && window.DecompressionStream) {
  const near = new IntersectionObserver(entries => entries.forEach(({isIntersecting, target}) => {
    if (isIntersecting) openPanel(target);
  }), {rootMargin: "200px"});
  panels.forEach((_, section) => near.observe(section));
  // For the first panel, the module is already compiled and a worker is ready.
  idle().then(keepReserve);
}
const goToPanel = () => document.getElementById(addresses.keys().next().value)?.scrollIntoView();
// On a page that is served while it is written, the reader's position is kept instead.
if (!document.documentElement.dataset.kept) goToPanel();
// Panels follow an address that changes while the page is open; addresses of figures and headings do not affect them.
addEventListener("hashchange", () => {
  readAddress();
  if (!addresses.size) return;
  panels.forEach(panel => panel?.readdress());
  goToPanel();
});
