/* What is typed and could not be told to the server stays in this window. */
(() => {
  "use strict";
  // A page that shows what was saved says so: then nothing needs to be kept.
  const done = document.querySelector("[data-kept-no-more]");
  try {
    if (done) {
      for (const place of Object.keys(sessionStorage)) {
        if (place.startsWith(done.dataset.keptNoMore)) sessionStorage.removeItem(place);
      }
    }
  } catch { /* a browser that keeps nothing */ }

  const form = document.querySelector("form.composer");
  const boxes = form ? [...form.querySelectorAll("[data-kept]")] : [];
  if (!boxes.length) return;
  const state = document.getElementById("draft-state");
  const say = (words) => { if (state) state.textContent = words; };

  try {
    for (const box of boxes) {
      const place = `draft:${form.dataset.person}:${box.dataset.kept}`;
      if (form.hasAttribute("data-message-sent")) sessionStorage.removeItem(place);
      const kept = sessionStorage.getItem(place);
      if (kept && kept !== box.value) {
        box.value = kept;
        say("This is what you had written.");
      }
      let told = "";
      box.addEventListener("input", () => sessionStorage.setItem(place, box.value));
      box.addEventListener("htmx:beforeRequest", () => { told = box.value; });
      // The server has it: then this window need not keep it. An answer with a link asks to sign in.
      box.addEventListener("htmx:afterRequest", (event) => {
        const answer = event.detail.successful ? event.detail.xhr.responseText : "<a";
        if (box.value === told && !answer.includes("<a")) sessionStorage.removeItem(place);
      });
    }
  } catch { /* a browser that keeps nothing */ }

  document.addEventListener("htmx:sendError", () => say("No connection. Your text is kept in this window."));
  document.addEventListener("htmx:responseError", (event) => {
    if (boxes.includes(event.target)) say("Your text is kept in this window.");
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say("You are not connected. Your text is kept here: send it when the connection is back.");
  });
})();
