// Follows the colour scheme of the reader's system before the first paint; paper is always light.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = (theme) => document.documentElement.setAttribute("data-bs-theme", theme);
  const follow = () => set(dark.matches ? "dark" : "light");
  document.documentElement.classList.add("scripted");
  follow();
  dark.addEventListener("change", follow);
  window.addEventListener("beforeprint", () => set("light"));
  window.addEventListener("afterprint", follow);
})();
