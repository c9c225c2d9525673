// Before the first paint: the colour scheme of the reader's system (paper is always light), and the height of rows.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = (theme) => document.documentElement.setAttribute("data-bs-theme", theme);
  const follow = () => set(dark.matches ? "dark" : "light");
  document.documentElement.classList.add("scripted");
  // Rows of lists are as high as the reader chose in this browser; storage may be forbidden.
  try { document.documentElement.dataset.density = localStorage.getItem("density") || "compact"; } catch { /* compact */ }
  follow();
  dark.addEventListener("change", follow);
  window.addEventListener("beforeprint", () => set("light"));
  window.addEventListener("afterprint", follow);
})();
