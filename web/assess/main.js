// The walk through the screens: welcome, one question after the other, review, ending.

import {pause, wait_before} from './api.js';
import {Assessment} from './assessment.js';
import {Countdown} from './countdown.js';
import {ask} from './dom.js';
import {ending, no_line} from './endings.js';
import {Frame} from './frame.js';
import {question, welcome_back} from './question.js';
import {review} from './review.js';
import {in_the_app, welcome} from './welcome.js';

const refresh_after_ms = 5000;
const closing_ms = 1200;  // long enough to see that it has worked

const frame = new Frame({on_exit: leave_for_good});
const countdown = new Countdown({
  on_tick: (text, is_short) => frame.show_time(text, is_short),
  on_warning: (text) => frame.say(text),
  on_over: () => assessment.time_over(),
});
// The token stands behind the #, which no server and no other page gets to see: of a session, or at /link of a link.
const assessment = new Assessment(location.hash.slice(1), {
  on_journey(journey) {
    frame.show_brand(journey);
    countdown.set(journey.remaining_ms);
  },
  on_saving: (state) => frame.show_saving(state),
  on_waiting: () => frame.show_saving('waiting'),
  on_stale: () => start(),
  on_end: end,
}, location.pathname.endsWith('/link'));

let at = null;  // the item that is shown; the number of items: the review
let missing = null;  // what the server has warned of
let jumped = false;  // from the review to one item: then on to the next open one
let hidden_at = null;

function show_progress() {
  frame.show_progress(assessment.items.length - assessment.open_items().length, assessment.items.length);
}

function go(to, {note = null, is_new = true} = {}) {
  const {items} = assessment;
  if (is_new && at !== to) history[at === null ? 'replaceState' : 'pushState']({at: to}, '');
  at = to;
  const still_missing = (missing || []).filter((key) => assessment.choice_of(key) === null);
  missing = still_missing.length > 0 ? still_missing : null;
  show_progress();
  if (at >= items.length) {
    jumped = false;
    frame.show(review(assessment, {frame, missing, on_submit: submit, on_back: () => go(items.length - 1),
      on_jump: (place) => {
        jumped = true;
        go(place);
      }}), 'Review', {can_exit: true});
    return;
  }
  assessment.visit.begin_item();
  frame.show(question(assessment, at, {frame, note, on_choice: show_progress, on_move: move}),
    `Question ${at + 1} of ${items.length}`, {can_exit: true});
}

function move(by) {
  const {items} = assessment;
  if (!jumped || by < 0) return go(at + by);
  const next = assessment.open_items().map((item) => items.indexOf(item)).find((place) => place > at);
  go(next ?? items.length);
}

async function submit(anyway) {
  missing = await assessment.submit(anyway);
  if (!assessment.is_live) return;
  go(assessment.items.length, {is_new: false});
}

async function leave_for_good() {
  const is_sure = await ask({
    title: 'Leave the assessment?',
    text: ['For a break, just close this page: the same link brings you back to where you were.',
      'If you end it here, it is over and this link cannot be used again.'],
    yes: 'End it for good', no: 'Keep going'});
  if (is_sure) await assessment.exit();
}

function end(kind, facts, here) {
  countdown.stop();
  frame.finish();
  frame.show_brand(facts);
  const goes_on = here && Boolean(facts.redirect_url);
  const screen = ending(kind, facts, goes_on);
  frame.show(screen, screen.querySelector('h1').textContent);
  if (goes_on) setTimeout(() => location.replace(facts.redirect_url), closing_ms);
}

async function consent(accepted) {
  await assessment.consent(accepted);
  if (!assessment.is_live || !assessment.has_consented) return;
  if (!assessment.queue.is_empty) assessment.queue.flush();
  resume();
}

function resume() {
  const {items} = assessment;
  const first_open = assessment.open_items()[0];
  const is_back = assessment.open_items().length < items.length;
  if (is_back) frame.show_saving(assessment.queue.is_empty ? 'saved' : 'saving');
  go(first_open ? items.indexOf(first_open) : items.length, {note: is_back && at === null ? welcome_back(assessment) : null});
}

async function start() {
  for (let tries = 1; ; ++tries) {
    try {
      await assessment.load();
      break;
    } catch {
      frame.show(no_line(() => dispatchEvent(new Event('online'))), 'No connection');
      await pause(wait_before(tries));
    }
  }
  if (!assessment.is_live) return;
  if (assessment.journey.platform !== 'WEB') return frame.show(in_the_app(assessment), 'Go on in the app');
  assessment.open();
  if (assessment.has_consented) return resume();
  frame.show(welcome(assessment, {on_consent: consent}), assessment.questionnaire.title);
}

// Who comes back may have gone on elsewhere meanwhile.
async function look_again() {
  if (!assessment.is_live || assessment.journey.platform !== 'WEB') return;
  const before = JSON.stringify([assessment.has_consented, assessment.given]);
  await assessment.load().catch(() => {});
  if (assessment.is_live && JSON.stringify([assessment.has_consented, assessment.given]) !== before) resume();
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    hidden_at = performance.now();
    assessment.leave();
  } else if (hidden_at !== null && performance.now() - hidden_at > refresh_after_ms) {
    look_again();
  }
});
addEventListener('pagehide', () => assessment.leave());
addEventListener('popstate', ({state}) => {
  if (assessment.is_live && assessment.has_consented && state) go(state.at, {is_new: false});
});
addEventListener('hashchange', () => location.reload());

if (location.hash.length > 1) start();
else end('invalid', {}, false);
