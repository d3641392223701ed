/* Conveniences of a conversation: the page works without this file. */
(() => {
  "use strict";
  // A tab that nobody looks at asks nothing, and marks nothing as read.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.id === "news") event.preventDefault();
  });

  const form = document.querySelector("form.composer");
  const box = form && form.querySelector("[data-kept]");
  if (!box) return;
  const place = `draft:${form.dataset.person}:${box.dataset.kept}`;
  const state = document.getElementById("draft-state");
  const say = (words) => { if (state) state.textContent = words; };

  // What the server could not be told stays in this window.
  try {
    if (form.hasAttribute("data-message-sent")) sessionStorage.removeItem(place);
    const kept = sessionStorage.getItem(place);
    if (kept && kept !== box.value && kept.startsWith(box.value)) {
      box.value = kept;
      say("This is what you had written.");
    }
    box.addEventListener("input", () => sessionStorage.setItem(place, box.value));
  } catch { /* a browser that keeps nothing */ }

  document.addEventListener("htmx:sendError", () => say("No connection. Your text is kept in this window."));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.target === box) say("Your text is kept in this window.");
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say("You are not connected. Your text is kept here: send it when the connection is back.");
  });
})();
