// What stays while screens change: the bar at the top, the progress, whether answers are saved, and what is said aloud.

import {apply_colour} from './brand.js';
import {h, picture} from './dom.js';

const saving_words = {
  saved: ['Saved', ''],
  saving: ['Saving…', ''],
  waiting: ['No connection, will be saved',
    'No connection. Your answers are kept on this device and will be saved when it is back.'],
};

export class Frame {
  constructor({on_exit}) {
    this.top = document.getElementById('top');
    this.main = document.getElementById('main');
    this.live = document.getElementById('live');
    this.brand = h('div', {class: 'brand'});
    this.time = h('p', {class: 'time', hidden: true});
    this.exit = h('button', {type: 'button', class: 'quiet', hidden: true, onclick: on_exit}, 'Exit');
    this.bar = h('div', {class: 'bar', role: 'progressbar', 'aria-label': 'Answered', 'aria-valuemin': 0, hidden: true},
      h('span'));
    this.saved = h('p', {class: 'saved', hidden: true});
    this.top.append(h('div', {class: 'top-row'}, this.brand, this.time, this.exit), this.bar);
  }

  show_brand({branding, environment}) {
    const name = branding?.name || '';
    if (this.name === name && this.top.hidden === false) return;
    this.name = name;
    const words = h('span', {class: 'brand-name'}, name || 'Assessment');
    const logo = branding?.logo_url && h('img', {
      class: 'logo', src: branding.logo_url, alt: name || 'Logo', referrerPolicy: 'no-referrer',
      onerror: () => logo.replaceWith(words),
    });
    this.brand.replaceChildren(logo || words, environment === 'test' ? h('span', {class: 'badge'}, 'Test') : '');
    apply_colour(branding?.colour);
    this.top.hidden = false;
  }

  show_time(text, is_short) {
    this.time.hidden = false;
    this.time.classList.toggle('short', is_short);
    if (this.time.lastChild?.textContent !== text) this.time.replaceChildren(picture('clock'), text);
  }

  show_progress(done, of) {
    this.bar.hidden = of === 0;
    this.bar.setAttribute('aria-valuenow', done);
    this.bar.setAttribute('aria-valuemax', of);
    this.bar.setAttribute('aria-valuetext', `${done} of ${of} answered`);
    this.bar.style.setProperty('--done', of === 0 ? 0 : done / of);
  }

  show_saving(state) {
    const [seen, said] = saving_words[state];
    this.saved.hidden = false;
    this.saved.dataset.state = state;
    this.saved.replaceChildren(...(state === 'saving' ? [] : [picture(state === 'saved' ? 'check' : 'line')]), seen);
    if (said && this.saving !== state) this.say(said);
    // Only who was told that the line is away needs to hear that it is back.
    if (state === 'saved' && this.was_waiting) this.say('The connection is back. All answers are saved.');
    this.was_waiting = state === 'waiting' || (this.was_waiting && state === 'saving');
    this.saving = state;
  }

  /** Politely, to who cannot see it. */
  say(text) {
    this.live.textContent = '';
    setTimeout(() => { this.live.textContent = text; }, 50);
  }

  /** `screen` takes the place of the one before, and its heading the focus. */
  show(screen, title, {can_exit = false} = {}) {
    document.title = this.name ? `${title} – ${this.name}` : title;
    this.exit.hidden = !can_exit;
    this.main.replaceChildren(screen);
    scrollTo(0, 0);
    screen.querySelector('h1')?.focus({preventScroll: true});
  }

  /** Nothing counts any more. */
  finish() {
    this.time.hidden = true;
    this.bar.hidden = true;
    this.exit.hidden = true;
    document.querySelectorAll('dialog').forEach((dialog) => dialog.close('no'));
  }
}
