// One question. A tap on an answer goes on by itself; on the keyboard the arrows choose and Enter goes on.

import {count, h} from './dom.js';

const advance_ms = 320;

/** on_move(-1 | 1), on_choice(): after each. */
export function question(assessment, at, {frame, note, on_move, on_choice}) {
  const {items, questionnaire} = assessment;
  const item = items[at];
  let tapped = false;
  let timer = 0;

  const next = h('button', {type: 'submit', class: 'primary'});
  const label_next = () => {
    const is_open = assessment.choice_of(item.key) === null;
    next.textContent = is_open ? 'Skip' : 'Next';
    next.classList.toggle('primary', !is_open);
  };
  const move = (by) => {
    clearTimeout(timer);
    if (form.isConnected) on_move(by);
  };
  const choose = (choice) => {
    if (assessment.choice_of(item.key) !== choice) assessment.give(item.key, choice);
    label_next();
    on_choice();
    clearTimeout(timer);
    if (tapped) timer = setTimeout(() => move(1), advance_ms);
    tapped = false;
  };
  const option = (text, index) => h('label', {class: 'option', onpointerup: () => { tapped = true; }},
    h('input', {
      type: 'radio', name: item.key, value: index + 1, checked: assessment.choice_of(item.key) === index + 1,
      onclick: () => choose(index + 1),
    }),
    h('span', {}, text));

  const form = h('form', {
    class: 'screen question', noValidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      move(1);
    },
  },
  note ? h('p', {class: 'note'}, note) : null,
  h('div', {class: 'meta'},
    h('p', {}, h('strong', {}, `Question ${at + 1}`), ` of ${items.length}`), frame.saved),
  h('fieldset', {lang: questionnaire.language},
    h('legend', {},
      item.section.title ? h('span', {class: 'eyebrow'}, item.section.title) : null,
      h('h1', {tabIndex: -1}, item.text),
      item.required ? null : h('span', {class: 'optional'}, 'You may leave this one out.')),
    item.opens_section && item.section.intro ? h('p', {class: 'intro'}, item.section.intro) : null,
    h('div', {class: 'options'}, item.labels.map(option))),
  h('div', {class: 'steps'},
    h('button', {type: 'button', disabled: at === 0, onclick: () => move(-1)}, 'Back'), next));
  label_next();
  return form;
}

/** For who comes back. */
export function welcome_back(assessment) {
  const done = assessment.items.length - assessment.open_items().length;
  return `Welcome back. Your ${count(done, 'answer')} ${done === 1 ? 'is' : 'are'} saved; you can go on here.`;
}
