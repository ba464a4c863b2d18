// The first screen: what comes, and the person's consent. And the screen of a session that belongs into an app.

import {span_text} from './countdown.js';
import {ask, count, h, picture} from './dom.js';

const seconds_an_item = 8;

export function welcome(assessment, {on_consent}) {
  const {journey, items, questionnaire} = assessment;
  const who = assessment.who || 'The organisation that invited you';
  const minutes = Math.max(1, Math.round((items.length * seconds_an_item) / 60));
  const accept = h('button', {type: 'button', class: 'primary'}, 'Accept and begin');
  const decline = h('button', {type: 'button'}, 'Decline');
  const decide = async (accepted) => {
    if (!accepted && !(await ask({
      title: 'Decline the privacy policy?',
      text: ['Then the assessment ends here, and this link cannot be used again.'],
      yes: 'Decline and end', no: 'Go back'}))) return;
    accept.disabled = decline.disabled = true;
    await on_consent(accepted);
    accept.disabled = decline.disabled = false;
  };
  accept.addEventListener('click', () => decide(true));
  decline.addEventListener('click', () => decide(false));
  const policy = journey.privacy_policy_url
    ? h('p', {}, `Please read first how ${who} uses your answers: `,
      h('a', {href: journey.privacy_policy_url, target: '_blank', rel: 'noopener noreferrer'},
        'privacy policy', h('span', {class: 'unseen'}, ' (opens in a new tab)')), '.')
    : h('p', {}, `${who} uses your answers for its decision. If you want to know more first, ask there for the privacy policy.`);
  return h('section', {class: 'screen welcome'},
    h('p', {class: 'eyebrow'}, `${who} invites you`),
    h('h1', {tabIndex: -1}, questionnaire.title),
    h('p', {class: 'lead'}, `${count(items.length, 'short question')}, about ${count(minutes, 'minute')}.`),
    h('ul', {class: 'points'},
      h('li', {}, picture('check'), 'Tap an answer and the next question comes. You can always go back and change it.'),
      h('li', {}, picture('line'), 'Every answer is saved at once, even when the connection is poor.'),
      h('li', {}, picture('clock'),
        `Take a break when you like: the same link brings you back for the next ${span_text(journey.remaining_ms)}.`)),
    h('div', {class: 'policy'}, policy,
      h('p', {}, journey.privacy_policy_url ? 'By accepting you agree to it.' : 'By accepting you agree to this use.')),
    h('div', {class: 'steps'}, decline, accept));
}

export function in_the_app(assessment) {
  const phone = assessment.journey.platform === 'IOS' ? 'iPhone' : 'Android phone';
  const who = assessment.who || 'the organisation that invited you';
  return h('section', {class: 'screen ending'},
    h('div', {class: 'seal'}, picture('phone')),
    h('h1', {tabIndex: -1}, 'This one is done in the app'),
    h('p', {class: 'lead'}, `Open the app of ${who} on your ${phone} and go on there.`),
    h('p', {}, `There is nothing to do on this page. If you do not have the app, ask ${who} where to get it.`));
}
