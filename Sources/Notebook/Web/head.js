// Runs before the first rendering, so that a stored theme is applied without a flash.
try {
  const remembered = localStorage.getItem("workbook-theme");
  if (remembered) document.documentElement.dataset.theme = remembered;
} catch (e) {}
