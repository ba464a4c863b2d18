// Elements, and the one dialog. No markup is ever parsed: text stays text, and the policy of the page allows no more.

/** h('a', {href, class, onclick, ariaLabel, hidden}, 'text', otherNode): an element. Absent children may be null. */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

const shapes = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5.5l3.5 2M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17',
  phone: 'M8 3.5h8a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1M11 17.5h2',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1-1',
  leave: 'M14 4.5H6.5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1H14M10.5 12H20M16.5 8.5L20 12l-3.5 3.5',
  open: 'M12 7.5v5.5M12 16.5v.1M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17',
  line: 'M4 9.5a12 12 0 0 1 16 0M7 13a7.5 7.5 0 0 1 10 0M10 16.3a3 3 0 0 1 4 0M12 19v.1',
};

/** A picture that says nothing which the text beside it does not say. */
export function picture(shape) {
  const space = 'http://www.w3.org/2000/svg';
  const made = document.createElementNS(space, 'svg');
  made.setAttribute('viewBox', '0 0 24 24');
  made.setAttribute('aria-hidden', 'true');
  made.classList.add('picture');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', shapes[shape]);
  made.append(path);
  return made;
}

/** Asks in a dialog that keeps the focus; true where the person says `yes`. Escape is a no. */
export function ask({title, text, yes, no}) {
  return new Promise((answer) => {
    const end = (value) => () => dialog.close(value);
    const dialog = h('dialog', {class: 'ask', 'aria-labelledby': 'ask-title'},
      h('h2', {id: 'ask-title'}, title),
      text.map((line) => h('p', {}, line)),
      h('div', {class: 'choices'},
        h('button', {type: 'button', class: 'primary', autofocus: true, onclick: end('no')}, no),
        h('button', {type: 'button', class: 'danger', onclick: end('yes')}, yes)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      answer(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** "1 question", "3 questions" */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
