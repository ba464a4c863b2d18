// The last screen before the end: what is still open, and submitting. With required questions open it warns once.

import {count, h} from './dom.js';

const is_or_are = (number) => (number === 1 ? 'is' : 'are');

function open_list(assessment, open, on_jump) {
  return h('ul', {class: 'open-list'}, open.map((item) => h('li', {},
    h('button', {type: 'button', class: 'jump', onclick: () => on_jump(assessment.items.indexOf(item))},
      h('span', {class: 'number'}, assessment.items.indexOf(item) + 1),
      h('span', {lang: assessment.questionnaire.language}, item.text,
        item.required ? null : h('span', {class: 'optional'}, ' (may be left out)'))))));
}

/** `missing`: the open items that the server has named, once it has warned; else null. on_submit(anyway), on_jump(at). */
export function review(assessment, {frame, missing, on_submit, on_jump, on_back}) {
  const {items} = assessment;
  const open = missing ? items.filter((item) => missing.includes(item.key)) : assessment.open_items();
  const is_warned = missing !== null;
  const submit = h('button', {type: 'button', class: is_warned ? 'danger' : 'primary'},
    is_warned ? 'Submit anyway' : 'Submit');
  submit.addEventListener('click', async () => {
    submit.disabled = true;
    submit.textContent = 'Submitting…';
    await on_submit(is_warned);
  });
  const heading = is_warned ? `${count(open.length, 'required question')} ${is_or_are(open.length)} still open`
    : open.length === 0 ? 'All questions are answered'
      : `${count(open.length, 'question')} ${is_or_are(open.length)} still open`;
  const words = is_warned
    ? 'If you submit now, your assessment ends as incomplete, and this cannot be changed afterwards.'
    : open.length === 0
      ? 'You can still go back and change an answer. Once you submit, this is no longer possible.'
      : 'Tap a question to answer it, or submit when you are done.';
  return h('section', {class: 'screen review'},
    h('div', {class: 'meta'}, h('p', {}, h('strong', {}, items.length - assessment.open_items().length),
      ` of ${items.length} answered`), frame.saved),
    h('h1', {tabIndex: -1}, heading),
    h('p', {class: is_warned ? 'warning' : 'lead'}, words),
    open.length === 0 ? null : open_list(assessment, open, on_jump),
    h('div', {class: 'steps'},
      is_warned
        ? [submit, h('button', {type: 'button', class: 'primary', onclick: () => on_jump(items.indexOf(open[0]))}, 'Answer them')]
        : [h('button', {type: 'button', onclick: on_back}, 'Back'), submit]));
}
