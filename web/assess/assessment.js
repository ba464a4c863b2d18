// The one session that this page shows: what the server has said of it, what waits to be told, and what to do when a
// call is refused. The server's word counts; the page only adds the answers that have not reached it yet.

import {Refusal, Unreachable, caller, open_link, pause, wait_before} from './api.js';
import {Queue} from './queue.js';
import {Visit} from './visit.js';

export class Assessment {
  /**
   * on_journey(journey): each time that the server has spoken. on_saving(state): see Queue. on_waiting(): a step that
   * the person waits for finds no line, and is tried again. on_end(kind, facts, here): 'complete', 'incomplete',
   * 'cancelled', 'expired', 'replaced' or 'invalid'; here: it ended on this page just now. on_stale(): what is shown is
   * out of date. is_link: the token is that of a link, which leads to a session.
   */
  constructor(token, listener, is_link) {
    this.link = is_link ? token : null;
    this.call = is_link ? null : caller(token);
    this.listener = listener;
    this.visit = new Visit();
    this.told_focus_lost = 0;
    this.journey = {};
    this.items = [];
    this.given = {};
    this.queue = null;
  }

  get is_live() { return this.journey.outcome === null && !this.has_ended; }
  get has_consented() { return this.journey.state !== 'created'; }
  get who() { return this.journey.branding?.name || ''; }

  choice_of(key) { return this.queue.waiting[key]?.choice ?? this.given[key] ?? null; }
  open_items() { return this.items.filter((item) => this.choice_of(item.key) === null); }

  /** All of it anew from the server. Throws Unreachable; every refusal is an end, told to on_end. */
  async load() {
    try {
      this.call ??= caller(await open_link(this.link));
      const whole = await this.call('GET');
      if (whole.outcome !== null) return this.#end(whole.outcome, whole, false);
      this.#ask(whole.questionnaire);
      this.given = whole.answers || {};
      this.queue ??= this.#make_queue(whole.session_id);
      this.queue.reconcile(this.given);
      this.#take(whole);
      if (!this.queue.is_empty && this.has_consented) this.queue.flush();
    } catch (fault) {
      this.#refused(fault, false);
    }
  }

  /** Notes that the person has come. Nothing waits for it. */
  open() { return this.#patiently('/open', undefined, () => {}); }
  consent(accepted) { return this.#patiently('/consent', {accepted}); }
  exit() { return this.#patiently('/exit'); }

  /** The keys of required items that are still open, where `anyway` is false and there are any; else it has ended. */
  async submit(anyway) {
    if (!this.queue.is_empty) {
      const sent = this.queue.flush();
      if (await Promise.race([sent.then(() => true), pause(wait_before(1)).then(() => false)]) === false) {
        this.listener.on_waiting();
        await sent;
      }
    }
    if (this.visit.focus_lost !== this.told_focus_lost && Object.keys(this.given).length > 0) {
      await this.#patiently('/answers', {answers: [], ...this.visit.totals()});
    }
    const answer = await this.#patiently('/submit', {anyway});
    return answer?.missing || [];
  }

  give(key, choice) {
    this.queue.put(key, choice, this.visit.take_item_ms(), this.given[key] ?? null);
  }

  /** The page is about to be hidden, perhaps for good. */
  leave() {
    if (this.is_live && this.queue && !this.queue.is_empty) this.queue.flush_and_go();
  }

  /** The time is over by this page's count: the server has the last word. */
  time_over() { return this.open(); }

  #ask(questionnaire) {
    this.questionnaire = questionnaire;
    this.items = (questionnaire?.sections || []).flatMap((section) => section.items.map((item, at) => (
      {...item, section, opens_section: at === 0, labels: questionnaire.scales[item.scale]})));
  }

  #make_queue(session_id) {
    const send = async (answers, keepalive) => {
      const totals = this.visit.totals();
      const said = await this.call('POST', '/answers', {answers, ...totals}, keepalive);
      this.told_focus_lost = totals.focus_lost;
      for (const {item, choice} of answers) this.given[item] = choice;
      this.#take(said);
    };
    return new Queue({
      name: `posthorn ${session_id}`, send, on_state: this.listener.on_saving,
      on_refusal: (refusal) => this.#refused(refusal, true),
    });
  }

  #take(journey) {
    Object.assign(this.journey, journey);
    if (journey.outcome) this.#end(journey.outcome, journey, true);
    else this.listener.on_journey(this.journey);
  }

  /** Until the server answers, however often it takes. Undefined where it refused. */
  async #patiently(path, body, on_waiting = this.listener.on_waiting) {
    for (let tries = 1; !this.has_ended; ++tries) {
      try {
        const said = await this.call('POST', path, body);
        this.#take(said);
        return said;
      } catch (fault) {
        if (!(fault instanceof Unreachable)) return this.#refused(fault, true);
        on_waiting();
        await pause(wait_before(tries));
      }
    }
    return undefined;
  }

  #refused(fault, here) {
    if (!(fault instanceof Refusal)) throw fault;
    if (fault.status === 410) {
      const is_replaced = fault.problem.type?.endsWith('/link-replaced');
      return this.#end(is_replaced ? 'replaced' : fault.problem.outcome || 'expired', fault.problem, here);
    }
    if (fault.status === 401 || !here) return this.#end('invalid', {}, here);
    // Another page or device has gone on with this session; or what was sent is not of this questionnaire.
    if (fault.status === 422) this.queue.clear();
    this.listener.on_stale();
  }

  #end(kind, facts, here) {
    if (this.has_ended) return;
    this.has_ended = true;
    this.queue?.clear();
    this.listener.on_end(kind, {branding: this.journey.branding, ...facts}, here);
  }
}
