// Comforts on top of pages that work without them: focus, menus, the language switch, drafts kept over a reload.
(function () {
  "use strict";
  const PREFIX = "keep:";

  function all(selector, act, root) {
    (root || document).querySelectorAll(selector).forEach(act);
  }

  // The error summary takes the focus, and its links reach the first control of a group.
  function focusErrors() {
    const summary = document.querySelector(".error-summary");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(link.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
      (control || target).focus();
    });
  }

  // A menu closes on Escape (focus returns to its button) and when something else is clicked.
  function closeMenus() {
    document.addEventListener("click", (event) => {
      all("details.menu[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      all("details.menu[open]", (menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    });
  }

  // Filters start folded on a phone, so that the list itself is seen first.
  function foldFilters() {
    if (window.matchMedia("(max-width: 767.98px)").matches) {
      all("details[data-open-wide]", (details) => { details.open = false; });
    }
  }

  function submitOnChange() {
    all("form[data-auto-submit]", (form) => form.addEventListener("change", () => form.requestSubmit()));
  }

  // Only what a person typed is kept: no files, passwords, hidden values or tokens.
  function keepable(control) {
    return control.name && !control.dataset.narrows && !control.disabled && !["hidden", "password", "file", "submit", "button"].includes(control.type);
  }

  function read(form) {
    const values = [];
    Array.from(form.elements).filter(keepable).forEach((control) => {
      if (control.type === "checkbox" || control.type === "radio") values.push([control.name, control.value, control.checked]);
      else if (control.multiple) values.push([control.name, Array.from(control.selectedOptions, (option) => option.value), true]);
      else values.push([control.name, control.value, true]);
    });
    return values;
  }

  function fill(form, values) {
    const controls = Array.from(form.elements).filter(keepable);
    values.forEach(([name, value, on]) => {
      controls.filter((control) => control.name === name).forEach((control) => {
        if (control.type === "checkbox" || control.type === "radio") {
          if (control.value === value) control.checked = on;
        } else if (control.multiple) {
          Array.from(control.options).forEach((option) => { option.selected = value.includes(option.value); });
        } else control.value = value;
      });
    });
  }

  // Storage may be full or forbidden; a form without a draft is still a form.
  function attempt(act) {
    try { return act(); } catch { return null; }
  }

  const person = document.body.dataset.person || "";
  const prefix = PREFIX + person + ":";

  function stored() {
    return attempt(() => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX))) || [];
  }

  // What was sent is forgotten once a good page answers; after an error or an ended session it stays a draft.
  // Drafts of another person in the same tab go as soon as someone else is signed in.
  function tidyDrafts() {
    const failed = !person || document.querySelector("[data-failed]");
    stored().forEach((key) => {
      const draft = attempt(() => JSON.parse(sessionStorage.getItem(key)));
      if (!draft || (person && !key.startsWith(prefix)) || (draft.sent && !failed)) sessionStorage.removeItem(key);
      else if (draft.sent) attempt(() => sessionStorage.setItem(key, JSON.stringify({ values: draft.values, sent: false })));
    });
    all("form[data-sign-out]", (form) => form.addEventListener("submit", () => attempt(() => sessionStorage.clear())));
  }

  function keepDrafts() {
    all("form[data-keep]", (form) => {
      const key = prefix + window.location.pathname + ":" + form.dataset.keep;
      const draft = attempt(() => JSON.parse(sessionStorage.getItem(key)));
      const answered = document.querySelector(".error-summary, form[data-keep] [aria-invalid='true']");
      const save = (sent) => attempt(() => sessionStorage.setItem(key, JSON.stringify({ values: read(form), sent: sent })));
      if (draft && !answered) fill(form, draft.values);
      let timer = 0;
      form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(save, 300, false);
      });
      form.addEventListener("submit", () => { clearTimeout(timer); save(true); });
    });
  }

  // Two clicks are one send: the answer to the first is on its way. A page shown again from the history may send again.
  function sendOnce() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      const narrows = event.submitter && event.submitter.value === "narrow";
      if (form.method !== "post" || event.defaultPrevented || narrows) return;
      if (Date.now() - (form.dataset.sent || 0) < 5000) event.preventDefault();
      else form.dataset.sent = Date.now();
    });
    window.addEventListener("pageshow", () => all("form[data-sent]", (form) => { delete form.dataset.sent; }));
  }

  // A long list is shortened while one types: its entries that contain the text, those chosen, and the empty one.
  function fold(text) {
    return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  }

  const whole = new WeakMap();

  function narrowSelect(select, wanted) {
    if (!whole.has(select)) whole.set(select, Array.from(select.childNodes, (node) => node.cloneNode(true)));
    const chosen = select.value;
    select.replaceChildren(...whole.get(select).map((node) => node.cloneNode(true)));
    Array.from(select.options).forEach((option) => {
      const group = option.parentElement.label || "";
      const fits = fold(group + " " + option.textContent).includes(wanted);
      if (option.value && option.value !== chosen && !fits) option.remove();
    });
    all("optgroup", (group) => { if (!group.children.length) group.remove(); }, select);
    select.value = chosen;
    return Array.from(select.options).filter((option) => option.value).length;
  }

  function narrowTicks(list, wanted) {
    let count = 0;
    all(".form-check", (row) => {
      const shown = fold(row.textContent).includes(wanted) || row.querySelector("input").checked;
      row.hidden = !shown;
      if (shown) count += 1;
    }, list);
    return count;
  }

  function narrowLists() {
    document.addEventListener("input", ({ target }) => {
      const list = target.dataset.narrows && document.getElementById(target.dataset.narrows);
      if (!list) return;
      const wanted = fold(target.value.trim());
      const count = list.matches("select") ? narrowSelect(list, wanted) : narrowTicks(list, wanted);
      const status = target.parentElement.querySelector("[role='status']");
      status.textContent = status.dataset.text + " " + count;
    });
    // Enter goes on to the list; it would send the form.
    document.addEventListener("keydown", (event) => {
      const list = event.target.dataset && event.target.dataset.narrows && document.getElementById(event.target.dataset.narrows);
      if (!list || !["Enter", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      const row = list.matches("select") ? list : list.querySelector(".form-check:not([hidden]) input");
      if (row) row.focus();
    });
  }

  // A filter request that fails is shown as the page it would have been, not swallowed.
  function showFailures() {
    document.body.addEventListener("htmx:responseError", (event) => {
      window.location.assign(event.detail.pathInfo.finalRequestPath || window.location.href);
    });
  }

  function showCurrentPlace() {
    const current = document.querySelector(".places [aria-current]");
    const row = current && current.closest("ul");
    if (row && row.scrollWidth > row.clientWidth) current.scrollIntoView({ block: "nearest", inline: "center" });
  }

  // What takes the focus half outside of a part that scrolls is scrolled in whole: a browser leaves it as it is.
  function showFocus() {
    document.addEventListener("focusin", ({ target }) => {
      const part = target.closest(".places, .table-frame, .options-long");
      if (part && target.matches(":focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  // The height of the rows of lists is remembered in this browser.
  function chooseDensity() {
    const root = document.documentElement;
    const show = () => all("button[data-density]", (button) => {
      button.setAttribute("aria-pressed", String(button.dataset.density === (root.dataset.density || "compact")));
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-density]");
      if (!button) return;
      root.dataset.density = button.dataset.density;
      attempt(() => localStorage.setItem("density", button.dataset.density));
      show();
    });
    document.body.addEventListener("htmx:afterSettle", show);
    show();
  }

  focusErrors();
  chooseDensity();
  closeMenus();
  foldFilters();
  submitOnChange();
  tidyDrafts();
  keepDrafts();
  sendOnce();
  narrowLists();
  showFailures();
  showCurrentPlace();
  showFocus();
})();
