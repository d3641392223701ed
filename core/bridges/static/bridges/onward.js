"use strict";
// The page says where it leads and has a button; nobody has to press it.
document.querySelector("form[data-onward]")?.requestSubmit();
