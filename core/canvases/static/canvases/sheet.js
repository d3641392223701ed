/* Saves a canvas while it is being written: the page works without this file.
   A box is sent with the mark of the text on which its writer began, so that the server can bring
   the two partners' texts together. What it could not be told stays in this window. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-canvas]");
  if (!form) return;
  const PAUSE = 1200, LOOK = 20000, AGAIN = 8000;
  const place = `canvas:${form.dataset.person}:${form.dataset.canvas}`;
  const state = document.getElementById("canvas-state");
  const boxes = new Map();
  for (const part of form.querySelectorAll("[data-box]")) {
    const find = (name) => part.querySelector(`[data-${name}]`);
    const text = find("text");
    boxes.set(part.dataset.box, {
      part, text, base: find("base"), clash: find("clash"), theirs: find("theirs"),
      who: find("who"), seen: find("seen"), error: find("error"), printed: find("printed"),
      clean: text.defaultValue,
    });
  }
  let waiting = 0, running = null, kept = true, closed = false, going = false;

  const say = (words, link) => {
    if (!state || state.textContent === words) return;
    state.textContent = words;
    if (link) {
      const way = document.createElement("a");
      way.href = link;
      way.textContent = "Sign in again";
      state.append(" ", way);
    }
  };
  const choice = (box) => box.clash.querySelector("input[type=radio]:checked");
  const changed = (box) => box.text.value !== box.clean || (!box.clash.hidden && choice(box));
  const dirty = () => [...boxes].filter(([, box]) => changed(box));

  const remember = () => {
    try {
      const texts = {};
      for (const [key, box] of boxes) {
        if (box.text.value !== box.clean) texts[key] = { text: box.text.value, base: box.base.value };
      }
      if (Object.keys(texts).length) sessionStorage.setItem(place, JSON.stringify(texts));
      else sessionStorage.removeItem(place);
    } catch { /* a browser that keeps nothing */ }
  };
  const recall = () => {
    let found = false;
    try {
      const texts = JSON.parse(sessionStorage.getItem(place) || "{}");
      for (const [key, one] of Object.entries(texts)) {
        const box = boxes.get(key);
        if (!box || typeof one.text !== "string" || one.text === box.text.value) continue;
        box.text.value = one.text;
        box.base.value = one.base;
        found = true;
      }
    } catch { /* a browser that keeps nothing */ }
    return found;
  };
  const show = (box) => { if (box.printed) box.printed.textContent = box.text.value; };

  const take = (answer, sent) => {
    for (const [key, box] of boxes) {
      const there = answer.boxes[key], clash = answer.clashes[key], was = sent.get(key);
      const refused = answer.refused[key];
      box.error.hidden = !refused;
      box.error.textContent = refused || "";
      if (refused || !there) continue;
      if (clash) {
        box.who.textContent = clash.who;
        box.theirs.textContent = clash.theirs;
        box.seen.value = clash.seen;
        box.clash.hidden = false;
        const folded = box.part.closest("details");
        if (folded) folded.open = true;
        for (const one of box.clash.querySelectorAll("input[type=radio]")) one.checked = false;
        box.clean = was ? was.text : box.clean;
        continue;
      }
      if (was ? box.text.value === was.text : box.text.value === box.clean && box.clash.hidden) {
        if (box.text.value !== there.text) {
          box.text.value = there.text;
          show(box);
        }
      } else if (!was) {
        continue; // begun to write since: the base stays that of the text which they read
      }
      if (was) box.clash.hidden = true;
      box.clean = there.text;
      box.base.value = there.base;
    }
  };

  const send = async (leaving) => {
    const parts = dirty(), data = new FormData(), sent = new Map();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [key, box] of parts) {
      sent.set(key, { text: box.text.value });
      data.append(`text_${key}`, box.text.value);
      data.append(`base_${key}`, box.base.value);
      const chosen = !box.clash.hidden && choice(box);
      if (chosen) {
        data.append(`choice_${key}`, chosen.value);
        data.append(`seen_${key}`, box.seen.value);
      }
    }
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: data, keepalive: leaving, headers: { Accept: "application/json" },
      });
      // Without its cookies the page may send nothing: the way in is the same as after a sign-out.
      const told = answer.status === 403 ? { signed_out: location.pathname } : await answer.json();
      if (told.signed_out) {
        kept = false;
        say("You have been signed out. What you have written is kept in this window.", told.signed_out);
        return;
      }
      if (told.closed) {
        closed = true;
        kept = !parts.length;
        say(told.closed);
        return;
      }
      take(told, sent);
      kept = true;
      if (Object.keys(told.clashes).length) say("You both wrote into the same box: choose what should stand there.");
      else if (Object.keys(told.refused).length) say("Not everything could be saved.");
      else if (parts.length) say(told.said);
    } catch {
      kept = !parts.length;
      if (parts.length) say("No connection. What you have written is kept in this window.");
      if (parts.length && !leaving) soon(AGAIN);
    }
    remember();
  };
  const save = (leaving = false) => {
    if (closed) return Promise.resolve();
    running = (running || Promise.resolve()).then(() => send(leaving));
    return running;
  };
  const soon = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(), pause);
  };

  form.addEventListener("input", (event) => {
    const part = event.target.closest("[data-box]");
    if (!part) return;
    show(boxes.get(part.dataset.box));
    remember();
    soon(event.target.type === "radio" ? 0 : PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    if (closed) return;
    event.preventDefault();
    if (going) return;
    going = true;
    clearTimeout(waiting);
    await save();
    going = false;
    if (kept) form.submit();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!kept) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden ? dirty().length : true) save(document.hidden);
  });
  window.addEventListener("online", () => save());
  setInterval(() => { if (!document.hidden && !going) save(); }, LOOK);

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  if (recall()) {
    say("This is what you had written.");
    soon(0);
  }
})();
