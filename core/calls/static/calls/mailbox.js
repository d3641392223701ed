/* Passes signals to the partner's browser through our own server, and fetches theirs.
   What cannot be sent now is sent when the network is back, in the same order. */
(() => {
  "use strict";
  const calls = (globalThis.calls ??= {});
  const WAITS = [500, 1000, 2000, 4000];
  const FINAL = { 404: "closed", 403: "closed", 409: "elsewhere", 410: "over" };
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const name = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  calls.Mailbox = class {
    // heard: partner(visit or null), signal(signal), ended(why), network(there or not)
    constructor({ url, token, heard }) {
      Object.assign(this, { url, token, heard, pace: 2000, open: false, partner: null, online: true });
    }

    /* Out: the servers that help two browsers to meet. */
    async enter() {
      Object.assign(this, { visit: name(), after: "0-0", number: 0, partner: null, read: 0, open: true });
      this.queue = Promise.resolve();
      const answer = await this.deliver({ type: "hello" });
      this.poll();
      return answer ? answer.servers : [];
    }

    send(signal) {
      const visit = this.visit;
      this.queue = this.queue.then(() => this.visit === visit && this.deliver(signal));
    }

    /* The page may be going away: one try, and the browser carries it on. */
    leave() {
      if (!this.open) return;
      this.open = false;
      clearTimeout(this.timer);
      this.ask({ method: "POST", keepalive: true, body: this.written({ type: "bye" }) }).catch(() => {});
    }

    /* Ask every `pace` milliseconds, and now. */
    hurry(pace) {
      this.pace = pace;
      if (this.open && !this.asking) this.poll();
    }

    async deliver(signal) {
      const body = this.written(signal);
      for (let tries = 0; this.open; tries += 1) {
        try {
          return await this.ask({ method: "POST", body });
        } catch (problem) {
          if (problem.status === 400) return null;
          if (this.failed(problem)) await pause(WAITS[Math.min(tries, WAITS.length - 1)]);
        }
      }
      return null;
    }

    async poll() {
      clearTimeout(this.timer);
      this.asking = true;
      const visit = this.visit;
      try {
        const post = await this.ask({}, `?visit=${visit}&after=${this.after}`);
        if (!this.open || visit !== this.visit) return;
        this.after = post.after;
        if (!this.online) this.heard.network((this.online = true));
        await this.hear(post);
      } catch (problem) {
        if (this.open && visit === this.visit) this.failed(problem);
      } finally {
        this.asking = false;
      }
      if (this.open) this.timer = setTimeout(() => this.poll(), this.pace);
    }

    async hear({ partner, signals }) {
      if (partner !== this.partner) {
        if (partner && partner !== this.last) { this.read = 0; this.last = partner; }
        this.partner = partner;
        await this.heard.partner(partner);
      }
      for (const signal of signals) {
        const theirs = signal.visit === this.last && (signal.to ?? this.visit) === this.visit;
        if (!theirs || signal.number <= this.read) continue;
        this.read = signal.number;
        await this.heard.signal(signal);
      }
    }

    /* Out: whether it is worth another try. */
    failed(problem) {
      if (!this.open) return false;
      const why = FINAL[problem.status];
      if (why) {
        this.open = false;
        this.heard.ended(why);
        return false;
      }
      if (this.online) this.heard.network((this.online = false));
      return true;
    }

    written(signal) {
      return JSON.stringify({ ...signal, visit: this.visit, number: (this.number += 1) });
    }

    async ask(options, query = "") {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
      const limit = options.keepalive ? undefined : AbortSignal.timeout(10000);
      const answer = await fetch(this.url + query, { cache: "no-store", redirect: "error", headers, signal: limit, ...options });
      if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status });
      return answer.json();
    }
  };
})();
