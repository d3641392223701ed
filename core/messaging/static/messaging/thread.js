/* Conveniences of a conversation: the page works without this file. Drafts: theming/kept.js. */
(() => {
  "use strict";
  // A tab that nobody looks at asks nothing, and marks nothing as read.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.id === "news") event.preventDefault();
  });
})();
