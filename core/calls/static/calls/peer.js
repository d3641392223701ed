/* The connection to one window of the partner, negotiated by the "perfect negotiation" pattern:
   both sides may offer at any time, and when they do so at once the polite one gives way. */
(() => {
  "use strict";
  const calls = (globalThis.calls ??= {});
  const PATIENCE = 4000;

  calls.Peer = class {
    // heard: track(track), state("connecting" | "connected" | "lost"), news(what the partner does)
    constructor({ visit, servers, polite, send, heard }) {
      Object.assign(this, { visit, polite, heard, senders: {}, offering: false, ignoring: false });
      this.send = (signal) => send({ to: visit, ...signal });
      this.pc = new RTCPeerConnection({ iceServers: servers });
      this.channel = this.pc.createDataChannel("state", { negotiated: true, id: 0 });
      this.channel.onopen = () => this.tell(this.told);
      this.channel.onmessage = ({ data }) => { try { heard.news(JSON.parse(data)); } catch { /* no news */ } };
      this.pc.ontrack = ({ track }) => heard.track(track);
      this.pc.onnegotiationneeded = () => this.offer();
      this.pc.onicecandidate = ({ candidate }) => {
        if (!candidate || !candidate.candidate) return;
        const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
        this.send({ type: "candidate", candidate: { candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment } });
      };
      this.pc.onconnectionstatechange = () => this.changed();
      this.timer = setTimeout(() => this.connected || this.again(), 2 * PATIENCE);
    }

    /* The first offer is the impolite side's alone: Chromium cannot answer after it took back an
       offer of its own before the channel stood. What the polite side wants to add comes second. */
    async offer() {
      if (this.polite && !this.pc.remoteDescription) return;
      try {
        this.offering = true;
        await this.describe();
      } finally {
        this.offering = false;
      }
    }

    async describe() {
      await this.pc.setLocalDescription();
      if (this.pc.localDescription) this.send({ type: this.pc.localDescription.type, sdp: this.pc.localDescription.sdp });
    }

    async take({ type, sdp, candidate }) {
      if (this.pc.signalingState === "closed") return;
      if (type === "candidate") {
        await this.pc.addIceCandidate(candidate).catch(() => { /* of an offer that gave way */ });
        return;
      }
      const clash = type === "offer" && (this.offering || this.pc.signalingState !== "stable");
      this.ignoring = clash && !this.polite;
      if (this.ignoring || (type === "answer" && this.pc.signalingState !== "have-local-offer")) return;
      await this.pc.setRemoteDescription({ type, sdp });
      if (type === "offer") await this.describe();
    }

    /* Send this track from now on; null sends nothing. */
    async use(kind, track, stream) {
      if (this.senders[kind]) await this.senders[kind].replaceTrack(track);
      else if (track) this.senders[kind] = this.pc.addTrack(track, stream);
    }

    /* Let the partner's page know what this side does, now or as soon as it can hear. */
    tell(news) {
      this.told = news;
      if (news && this.channel.readyState === "open") this.channel.send(JSON.stringify(news));
    }

    get connected() { return this.pc.connectionState === "connected"; }

    changed() {
      clearTimeout(this.timer);
      if (this.connected) this.heard.state("connected");
      else if (["disconnected", "failed"].includes(this.pc.connectionState)) {
        this.heard.state("lost");
        this.timer = setTimeout(() => this.again(), this.pc.connectionState === "failed" ? 0 : PATIENCE);
      }
    }

    /* Look for a way to the partner anew; tracks and page stay as they are. An offer that was never
       answered is said once more: a restart alone would wait for its answer for ever. */
    again() {
      if (this.pc.signalingState === "closed") return;
      if (this.pc.signalingState === "have-local-offer") this.send({ type: "offer", sdp: this.pc.localDescription.sdp });
      else this.pc.restartIce();
      this.timer = setTimeout(() => this.connected || this.again(), 3 * PATIENCE);
    }

    close() {
      clearTimeout(this.timer);
      this.pc.onconnectionstatechange = this.pc.ontrack = this.channel.onmessage = null;
      this.pc.close();
    }
  };
})();
