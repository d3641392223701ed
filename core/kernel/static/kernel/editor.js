// Live previews: what stands in the form is kept on the server and drawn in the frames anew.
(() => {
  "use strict";
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const places = form.querySelector("[data-base]");
  const frames = form.querySelector("[data-frames]");
  const notes = form.querySelector("[data-notes]");
  let waiting = 0, turn = 0, draft = form.elements.kept ? form.elements.kept.value : "";

  const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`)?.value ?? "";

  const fit = () => {
    if (!frames) return;
    const phone = chosen("width") === "phone";
    frames.classList.add("ed-scaled");
    frames.classList.toggle("ed-phone", phone);
    frames.classList.toggle("ed-desktop", !phone);
    for (const box of frames.querySelectorAll(".ed-frame")) {
      const frame = box.querySelector("iframe"), wide = phone ? 390 : 1280;
      const scale = Math.min(1, box.clientWidth / wide || 1);
      frame.style.transform = `scale(${scale})`;
      frame.style.width = `${phone ? Math.max(wide, box.clientWidth / scale) : wide}px`;
      frame.style.height = `${box.clientHeight / scale}px`;
    }
  };

  const show = () => {
    if (!frames) return;
    for (const figure of frames.querySelectorAll("figure")) {
      const frame = figure.querySelector("iframe");
      const query = new URLSearchParams({draft, show: chosen("show"), scheme: figure.dataset.scheme});
      const top = frame.contentWindow.scrollY;
      frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), {once: true});
      frame.contentWindow.location.replace(`${places.dataset.base}?${query}`);
      if (figure.dataset.scheme === "dark") figure.hidden = chosen("show") === "mail";
    }
    fit();
  };

  const renew = async () => {
    const mine = ++turn, data = new FormData(form);
    data.set("do", "preview");
    let told;
    try {
      const answer = await fetch(form.action, {method: "POST", body: data, headers: {"X-Preview": "1"}});
      told = answer.ok ? await answer.json() : null;
    } catch { told = null; }
    if (!told || mine !== turn) return;
    if (notes) notes.innerHTML = told.notes;
    if (told.kept && form.elements.kept) {
      form.elements.kept.value = draft = told.kept;
      for (const file of form.querySelectorAll('input[type="file"]')) file.value = "";
      for (const logo of form.querySelectorAll(".br-logo img")) logo.src = logo.src.replace(/[^/]+\.svg$/, `${draft}.svg`);
      show();
    }
  };

  for (const pick of form.querySelectorAll("[data-picks]")) {
    const text = document.getElementById(pick.dataset.picks);
    pick.hidden = false;
    pick.addEventListener("input", () => { text.value = pick.value; });
    text.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(text.value)) pick.value = text.value; });
  }
  form.addEventListener("input", (event) => {
    if (event.target.name === "show") { show(); return; }
    if (event.target.name === "width") { fit(); return; }
    clearTimeout(waiting);
    waiting = setTimeout(renew, event.target.type === "file" ? 0 : 350);
  });
  addEventListener("resize", fit);
  fit();
})();
