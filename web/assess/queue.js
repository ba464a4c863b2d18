// Answers on their way to the server. Each is in localStorage before it is sent and until the server has it, so that a
// reload or a dead battery loses none. A later answer to the same item replaces the one that still waits.

import {Unreachable, pause, wait_before} from './api.js';

// A person on the keyboard passes over answers: what follows this closely is sent as one.
const settle_ms = 250;

export class Queue {
  /** send(answers, keepalive): one report. on_state('saved' | 'saving' | 'waiting'). on_refusal(refusal): not to be sent again. */
  constructor({name, send, on_state, on_refusal}) {
    Object.assign(this, {name, send, on_state, on_refusal});
    this.waiting = this.#read();
    this.running = null;
    this.timer = 0;
  }

  /** What waits, as item → choice. */
  choices() {
    return Object.fromEntries(Object.entries(this.waiting).map(([item, one]) => [item, one.choice]));
  }

  /** `known`: the choice that the server has for the item, or null. */
  put(item, choice, time_ms, known) {
    const before = this.waiting[item];
    this.waiting[item] = {
      choice,
      time_ms: Math.round(time_ms + (before ? before.time_ms : 0)),
      seen: before ? [...before.seen, before.choice] : [known],
    };
    this.#write();
    this.on_state('saving');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), settle_ms);
  }

  /**
   * After a load: what another device has answered since stays as it is. An answer of ours waits on only where the
   * server has what we knew, or one of our own earlier choices whose receipt was lost.
   */
  reconcile(server) {
    for (const [item, one] of Object.entries(this.waiting)) {
      if (!one.seen.includes(server[item] ?? null)) delete this.waiting[item];
    }
    this.#write();
  }

  /** Sends until nothing waits. Never fails: it tries again for as long as it takes. */
  flush() {
    clearTimeout(this.timer);
    this.running ??= this.#run().finally(() => { this.running = null; });
    return this.running;
  }

  /** One last try while the page goes away. */
  flush_and_go() {
    clearTimeout(this.timer);
    this.#send_once(true).catch(() => {});
  }

  clear() {
    clearTimeout(this.timer);
    this.waiting = {};
    this.#write();
  }

  get is_empty() { return Object.keys(this.waiting).length === 0; }

  async #run() {
    for (let tries = 1; !this.is_empty; ++tries) {
      try {
        await this.#send_once(false);
        tries = 0;
      } catch (fault) {
        if (!(fault instanceof Unreachable)) return this.on_refusal(fault);
        this.on_state('waiting');
        await pause(wait_before(tries));
      }
    }
    this.on_state('saved');
  }

  async #send_once(keepalive) {
    const sent = {...this.waiting};
    const answers = Object.entries(sent).map(([item, {choice, time_ms}]) => ({item, choice, time_ms}));
    await this.send(answers, keepalive);
    for (const [item, one] of Object.entries(sent)) {
      if (this.waiting[item] === one) delete this.waiting[item];
    }
    this.#write();
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) || {};
    } catch {
      return {};  // storage that is blocked: answers then wait in this page alone
    }
  }

  #write() {
    try {
      if (this.is_empty) localStorage.removeItem(this.name);
      else localStorage.setItem(this.name, JSON.stringify(this.waiting));
    } catch {
      // As above.
    }
  }
}
