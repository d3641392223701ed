/* The library's script writes the name of a chosen file into a box that stands beside its own file
   boxes. Ours have none: without this it would write into another box, or stop with an error. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  for (const input of document.querySelectorAll("input[type=file]")) {
    const around = input.parentNode.parentNode.parentNode;
    if (!around.querySelector("input[type=text][disabled]")) input.hasChangeListener = true;
  }
});
