// Selects and stores the theme: light, dark, projector.

const nextTheme = () => {
  const order = ["light", "dark", "projector"];
  const now = root.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light");
  root.dataset.theme = order[(order.indexOf(now) + 1) % order.length];
  try { localStorage.setItem("workbook-theme", root.dataset.theme) } catch (e) {}
};
$("#theme")?.addEventListener("click", nextTheme);
