// Opens each panel when it comes into view; its thread ends with the page.

const panels = new Map($$(".panel").map(section => [section, null]));
const openPanel = async section => {
  if (panels.get(section)) return;
  const panel = new Panel(section);
  panels.set(section, panel);
  try { await panel.open() } catch (error) { panel.fail(error) }
};

if (panels.size && window.Worker && window.WebAssembly && window.DecompressionStream) {
  const near = new IntersectionObserver(entries => entries.forEach(({isIntersecting, target}) => {
    if (isIntersecting) openPanel(target);
  }), {rootMargin: "200px"});
  panels.forEach((_, section) => near.observe(section));
  // The panels that the reader has not come to yet will find it compiled.
  idle().then(moduleOfPage).catch(() => {});
}
const addressed = document.getElementById(decodeURIComponent(location.hash.slice(1)).split("?")[0]);
if (addressed?.matches(".panel")) addressed.scrollIntoView();
