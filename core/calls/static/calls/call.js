/* The page of a call: device check, waiting, talking, leaving. */
(() => {
  "use strict";
  const { Devices, Mailbox, Peer } = globalThis.calls;
  const root = document.getElementById("call");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const partner = root.dataset.partner;
  const [own, theirs, status] = ["own", "theirs", "status"].map(part);
  const PACE = { waiting: 2000, connecting: 700, talking: 4000 };
  const memory = `call:${root.dataset.signals}`;
  const TROUBLE = {
    NotAllowedError: "Your browser does not let this page use your camera or microphone. Open the settings beside the address of this page, allow both, and load the page again.",
    NotReadableError: "Another programme is using your camera or microphone. Close it and load this page again.",
    "one missing": "Only one of camera and microphone was found.",
    other: "No camera or microphone was found. Connect one and load this page again.",
  };

  const devices = new Devices();
  let peer = null, screen = null, servers = [], muted = false, darkened = false, news = {};

  const say = (words) => { if (status.textContent !== words) status.textContent = words; };
  const show = (name, yes) => { part(name).hidden = !yes; };
  const remember = (inside) => { try { if (inside) sessionStorage.setItem(memory, "in"); else sessionStorage.removeItem(memory); } catch { /* a browser that keeps nothing */ } };
  const wasInside = () => { try { return sessionStorage.getItem(memory) === "in"; } catch { return false; } };

  function stage(name) {
    root.dataset.stage = name;
    for (const one of root.querySelectorAll("[data-on]")) one.hidden = !one.dataset.on.split(" ").includes(name);
    show("share", ["waiting", "call"].includes(name) && Boolean(navigator.mediaDevices.getDisplayMedia));
  }

  function trouble(name) {
    const words = name ? (TROUBLE[name] || TROUBLE.other) : "";
    part("trouble-words").textContent = words;
    part("trouble-rest").textContent = !name || name === "one missing" ? "" : `You can still join: ${partner} will then not see or hear you.`;
    show("trouble", Boolean(words));
  }

  /* --- this side: what is on, what is sent, what the buttons say --------------------------- */
  async function sync() {
    const audio = devices.track("audio");
    const video = screen || devices.track("video");
    if (audio) audio.enabled = !muted;
    const shown = own.srcObject && own.srcObject.getTracks()[0];
    if (shown !== video) own.srcObject = video ? new MediaStream([video]) : null;
    own.classList.toggle("mirrored", Boolean(video) && !screen);
    show("own-off", !video);
    part("mute").textContent = audio && !muted ? "Mute" : "Unmute";
    part("camera").textContent = devices.track("video") ? "Turn camera off" : "Turn camera on";
    part("share").textContent = screen ? "Stop sharing" : "Share screen";
    part("own-words").textContent = screen ? "You are sharing your screen" : audio && !muted ? "You" : "You (muted)";
    if (!peer) return;
    const to = peer;
    await to.use("audio", audio, devices.stream);
    await to.use("video", video, devices.stream);
    to.tell({ microphone: Boolean(audio) && !muted, camera: Boolean(video), screen: Boolean(screen) });
  }

  async function mute() {
    if (devices.track("audio")) muted = !muted;
    else { muted = false; trouble(await devices.open("audio")); listen(); }
    await sync();
    say(muted ? "Your microphone is off." : "Your microphone is on.");
  }

  async function camera() {
    darkened = Boolean(devices.track("video"));
    if (darkened) devices.close("video");
    else trouble(await devices.open("video"));
    await sync();
    say(devices.track("video") ? "Your camera is on." : "Your camera is off.");
  }

  async function share() {
    if (screen) return unshare();
    try {
      [screen] = (await navigator.mediaDevices.getDisplayMedia({ video: true })).getVideoTracks();
    } catch {
      return say("Your screen is not shared.");
    }
    screen.contentHint = "detail";
    screen.onended = unshare;
    await sync();
    return say(`${partner} sees your screen.`);
  }

  async function unshare() {
    if (!screen) return;
    screen.stop();
    screen = null;
    await sync();
    say("Your screen is not shared any more.");
  }

  function listen() {
    let loud = 0;
    devices.listen((level) => {
      part("level").value = level;
      loud = level > 6 ? loud + 1 : loud;
      if (loud === 3) part("heard").textContent = "We can hear you: your microphone works.";
    });
  }

  async function fill() {
    for (const [kind, name] of [["audio", "microphones"], ["video", "cameras"]]) {
      const found = await devices.list(kind);
      const using = devices.inUse(kind);
      part(name).replaceChildren(...found.map(([id, words]) => new Option(words, id, false, id === using)));
      part(name).disabled = found.length === 0;
      if (!found.length) part(name).append(new Option("None found"));
    }
  }

  async function choose(kind, id) {
    trouble(await devices.open(kind, id));
    if (kind === "audio") { part("heard").textContent = ""; listen(); }
    await sync();
  }

  /* --- the other side ----------------------------------------------------------------------- */
  const mailbox = new Mailbox({
    url: root.dataset.signals,
    token: root.querySelector("[name=csrfmiddlewaretoken]").value,
    heard: {
      partner: meet,
      signal: (signal) => (signal.type === "bye" ? gone() : peer && peer.take(signal)),
      ended,
      network(there) {
        if (!there) return say("Your connection is lost. The call goes on as soon as it is back.");
        if (peer && !peer.connected) peer.again();
        return say(peer && peer.connected ? `You are connected with ${partner}.` : `Your connection is back. Waiting for ${partner}.`);
      },
    },
  });

  function wait(words) {
    if (peer) peer.close();
    peer = null;
    theirs.srcObject = null;
    news = {};
    face();
    stage("waiting");
    say(words);
    mailbox.hurry(PACE.waiting);
  }

  async function meet(visit) {
    if (!visit) {
      if (peer && !peer.connected) say(`${partner} cannot be reached. Waiting for ${partner} to come back.`);
      return;
    }
    if (peer && peer.visit === visit) return;
    if (peer) wait(`${partner} is coming back.`);
    say(`${partner} is here. Connecting …`);
    theirs.srcObject = new MediaStream();
    peer = new Peer({
      visit, servers, polite: root.dataset.polite === "yes", send: (signal) => mailbox.send(signal),
      heard: { track: receive, state: connection, news: learn },
    });
    mailbox.hurry(PACE.connecting);
    await sync();
  }

  function receive(track) {
    theirs.srcObject.addTrack(track);
    theirs.play().then(() => show("sound", false), (problem) => show("sound", problem.name === "NotAllowedError"));
  }

  function connection(state) {
    if (state === "connected") {
      stage("call");
      say(`You are connected with ${partner}.`);
    } else if (!mailbox.open) {
      stop("The call has ended, and the time of this room is over.");
    } else {
      say(`The connection with ${partner} is lost. Connecting again …`);
    }
    mailbox.hurry(state === "connected" ? PACE.talking : PACE.connecting);
  }

  function learn(heard) {
    const before = news;
    news = heard;
    face();
    if (before.screen !== news.screen && (before.screen || news.screen)) say(news.screen ? `${partner} is sharing the screen.` : `${partner} has stopped sharing the screen.`);
    else if (before.microphone !== undefined && before.microphone !== news.microphone) say(news.microphone ? `${partner}’s microphone is on again.` : `${partner}’s microphone is off.`);
  }

  /* Where their picture would be frozen or missing, their name stands. */
  function face() {
    show("face", !news.camera);
    const off = [news.camera === false && "camera", news.microphone === false && "microphone"].filter(Boolean);
    part("face-words").textContent = !peer ? `Waiting for ${partner}` : news.camera === false ? `${partner}’s camera is off` : "Connecting …";
    part("their-words").textContent = off.length ? `${partner} (${off.join(" and ")} off)` : partner;
  }

  function gone() {
    if (peer) wait(`${partner} has left the call. You can wait here, or leave too.`);
  }

  /* --- coming and going ---------------------------------------------------------------------- */
  async function join() {
    part("join").disabled = true;
    part("devices").open = false;
    if (!devices.track("audio")) await devices.start().then(fill);
    if (darkened) devices.close("video");
    stage("waiting");
    face();
    say(`Waiting for ${partner}. You can leave this page open: the call begins when ${partner} comes.`);
    part("mute").focus();
    remember(true);
    if (navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
    mailbox.pace = PACE.waiting;
    servers = await mailbox.enter();
    part("join").disabled = false;
    await sync();
  }

  function stop(words) {
    mailbox.leave();
    if (peer) peer.close();
    if (screen) screen.stop();
    peer = screen = theirs.srcObject = null;
    news = {};
    devices.hush();
    devices.close();
    remember(false);
    stage("left");
    sync();
    say(words);
    part("again").focus();
  }

  function ended(why) {
    if (why === "over" && peer && peer.connected) {
      return say("The time of this room is over. You can finish what you are saying; who leaves cannot come back.");
    }
    return stop({
      over: "The time of this room is over.",
      elsewhere: "You joined this call in another window. This one has stopped.",
      closed: "This room is closed. Go back to your meeting to see why.",
    }[why]);
  }

  async function again() {
    trouble(await devices.start());
    await fill();
    listen();
    await sync();
    await join();
  }

  const press = { mute, camera, share, join, again, leave: () => stop("You have left the call."), sound: () => theirs.play().then(() => show("sound", false)) };
  for (const [name, act] of Object.entries(press)) part(name).addEventListener("click", () => act());
  part("microphones").addEventListener("change", (event) => choose("audio", event.target.value));
  part("cameras").addEventListener("change", (event) => choose("video", event.target.value));
  addEventListener("online", () => { mailbox.hurry(PACE.connecting); if (peer) peer.again(); });
  addEventListener("pagehide", () => { mailbox.leave(); if (peer) peer.close(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && mailbox.open) mailbox.hurry(mailbox.pace); });

  (async () => {
    show("begin", false);
    if (!Devices.possible) return show("impossible", true);
    stage("check");
    face();
    trouble(await devices.start());
    await fill();
    navigator.mediaDevices.addEventListener("devicechange", fill);
    listen();
    await sync();
    if (wasInside()) return join();
    return say("Check your camera and microphone, then join.");
  })();
})();
