/* Camera, microphone and screen of this side. */
(() => {
  "use strict";
  const calls = (globalThis.calls ??= {});
  const WISH = {
    audio: { echoCancellation: true, noiseSuppression: true },
    video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user" },
  };
  const KINDS = { audio: "audioinput", video: "videoinput" };

  calls.Devices = class {
    constructor() {
      this.stream = new MediaStream();
      this.chosen = { audio: "", video: "" };
    }

    static get possible() {
      return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia && globalThis.RTCPeerConnection);
    }

    track(kind) { return this.stream.getTracks().find((track) => track.kind === kind && track.readyState === "live") || null; }

    /* Camera and microphone together, or what there is. Out: the name of what went wrong, or "". */
    async start() {
      try {
        this.keep(await navigator.mediaDevices.getUserMedia({ audio: this.wish("audio"), video: this.wish("video") }));
        return "";
      } catch (problem) {
        const each = await Promise.all(["audio", "video"].map((kind) => this.open(kind)));
        return each.every((said) => said) || problem.name === "NotAllowedError" ? each.find(Boolean) || "" : "one missing";
      }
    }

    /* Open one of them anew. Out: the name of what went wrong, or "". */
    async open(kind, id) {
      if (id !== undefined) this.chosen[kind] = id;
      try {
        this.keep(await navigator.mediaDevices.getUserMedia({ [kind]: this.wish(kind) }));
        return "";
      } catch (problem) {
        return problem.name;
      }
    }

    close(kind) {
      for (const track of this.stream.getTracks().filter((one) => !kind || one.kind === kind)) {
        track.stop();
        this.stream.removeTrack(track);
      }
    }

    /* Out: [[id, words]] of the devices of a kind. */
    async list(kind) {
      const all = await navigator.mediaDevices.enumerateDevices();
      return all.filter((one) => one.kind === KINDS[kind] && one.deviceId).map((one, at) => [one.deviceId, one.label || `${kind === "audio" ? "Microphone" : "Camera"} ${at + 1}`]);
    }

    inUse(kind) {
      const track = this.track(kind);
      return track ? track.getSettings().deviceId : "";
    }

    /* Calls `heard` with how loud it is, 0 to 100, about ten times a second. */
    listen(heard) {
      clearInterval(this.ear);
      const track = this.track("audio");
      if (!track || !globalThis.AudioContext) return heard(0);
      this.context ??= new AudioContext();
      this.context.resume().catch(() => {});
      const analyser = this.context.createAnalyser();
      this.context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      const wave = new Float32Array(analyser.fftSize);
      this.ear = setInterval(() => {
        analyser.getFloatTimeDomainData(wave);
        const power = wave.reduce((sum, value) => sum + value * value, 0) / wave.length;
        heard(track.enabled ? Math.min(100, Math.round(Math.sqrt(power) * 300)) : 0);
      }, 100);
      return undefined;
    }

    hush() { clearInterval(this.ear); }

    wish(kind) {
      return this.chosen[kind] ? { ...WISH[kind], facingMode: undefined, deviceId: { exact: this.chosen[kind] } } : WISH[kind];
    }

    keep(opened) {
      for (const track of opened.getTracks()) {
        this.close(track.kind);
        this.stream.addTrack(track);
      }
    }
  };
})();
