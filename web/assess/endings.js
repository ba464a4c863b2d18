// Where a journey ends, or cannot begin: what happened, and what to do now.

import {h, picture} from './dom.js';

const endings = {
  complete: (who) => ({
    picture: 'check', title: 'Thank you',
    lead: `Your answers have been submitted to ${who}.`,
    then: 'There is nothing more to do here.',
  }),
  incomplete: (who) => ({
    picture: 'open', title: 'Submitted, with questions open',
    lead: `Your answers have been submitted to ${who}, and the assessment is marked as incomplete.`,
    then: `If that was not what you wanted, ask ${who} for a new link.`,
  }),
  cancelled: (who) => ({
    picture: 'leave', title: 'You have left the assessment',
    lead: 'It has ended, and nothing more will be asked.',
    then: `If you change your mind, ask ${who} for a new link.`,
  }),
  expired: (who) => ({
    picture: 'clock', title: 'The time is over',
    lead: 'The time limit of this assessment has passed before it was submitted.',
    then: `If you still want to take part, ask ${who} for a new link.`,
  }),
  replaced: (who) => ({
    picture: 'link', title: 'There is a newer link',
    lead: `${who} has sent a new link in the place of this one.`,
    then: `Open the newer one. If you cannot find it, ask ${who} for it.`,
  }),
  invalid: (who) => ({
    picture: 'link', title: 'This link does not work',
    lead: 'It may have been cut off or changed on its way to you.',
    then: `Open it again from the message that you got, or copy the whole of it. If that does not help, ask ${who} for a new one.`,
  }),
};

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** `goes_on`: the browser is on its way to redirect_url; else that is offered as a link. */
export function ending(kind, {branding, redirect_url: redirect = null}, goes_on) {
  const who = branding?.name || 'the organisation that invited you';
  const words = endings[kind](who);
  return h('section', {class: `screen ending ${kind}`},
    h('div', {class: 'seal'}, picture(words.picture)),
    h('h1', {tabIndex: -1}, words.title),
    h('p', {class: 'lead'}, capital(words.lead)),
    redirect ? null : h('p', {}, capital(words.then)),
    redirect ? h('p', {}, goes_on ? `You are being taken back to ${who}.` : capital(words.then)) : null,
    redirect ? h('div', {class: 'steps'}, h('a', {class: 'button primary', href: redirect}, `Continue to ${who}`))
      : h('p', {class: 'hint'}, 'You can close this page.'));
}

/** The page has come, and then the line was away. on_retry(): at once instead of by and by. */
export function no_line(on_retry) {
  return h('section', {class: 'screen ending'},
    h('div', {class: 'seal'}, picture('line')),
    h('h1', {tabIndex: -1}, 'No connection'),
    h('p', {class: 'lead'}, 'Your assessment could not be loaded. We keep trying.'),
    h('p', {}, 'Everything that you have answered so far is kept.'),
    h('div', {class: 'steps'}, h('button', {type: 'button', class: 'primary', onclick: on_retry}, 'Try again now')));
}
