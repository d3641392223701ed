/* Conveniences only: every page works without this file. */
(() => {
  "use strict";
  const menus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.menu") || !event.target.open) return;
    for (const menu of menus()) if (menu !== event.target) menu.open = false;
    const list = event.target.querySelector(":scope > ul");
    event.target.classList.toggle("end", Boolean(list) && list.getBoundingClientRect().right > innerWidth - 8);
  }, true);

  const summary = document.querySelector(".error-summary[data-focus]");
  if (summary) summary.focus();

  // Wide screens show the search criteria at once, phones on a tap.
  const wide = matchMedia("(min-width: 860px)");
  const sheets = () => document.querySelectorAll("details.criteria-sheet");
  const unfold = () => { if (wide.matches) for (const sheet of sheets()) sheet.open = true; };
  const fold = () => { if (!wide.matches) for (const sheet of sheets()) sheet.open = sheet.hasAttribute("data-open"); };
  wide.addEventListener("change", unfold);
  document.addEventListener("htmx:afterSwap", fold);
  fold();

  // What htmx changed is said once, in the words of [data-announce].
  const announcer = document.getElementById("announcer");
  document.addEventListener("htmx:afterSettle", (event) => {
    const words = event.target.closest?.("[data-announce]") || event.target.querySelector?.("[data-announce]");
    if (announcer && words) announcer.textContent = words.dataset.announce;
  });

  // One press is one act.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
    setTimeout(() => delete event.target.dataset.sent, 4000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // Pages that are the same for everybody and seldom change are fetched when a pointer rests on
  // their link. Never those with a person's own things: they would show an old state.
  const fetched = new Set();
  const saving = navigator.connection && navigator.connection.saveData;
  document.addEventListener("pointerover", (event) => {
    const link = event.target.closest?.("a[data-prefetch]");
    if (!link || saving || link.origin !== location.origin || fetched.has(link.href) || link.href === location.href) return;
    fetched.add(link.href);
    const hint = document.createElement("link");
    hint.rel = "prefetch";
    hint.href = link.href;
    document.head.append(hint);
  });
})();
