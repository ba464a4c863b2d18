// Everybody can use it: by keyboard alone, by screen reader (axe), in light and dark, in any brand's colour.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Phone} from './phone.mjs';
import {choices} from './platform.mjs';
import {on_stage} from './stage.mjs';

let platform;
let browser;

on_stage((made) => { ({platform, browser} = made); });

async function see_every_screen(kind, more) {
  const phone = await Phone.make(browser, platform.origin, more);
  phone.expect_failures('ERR_INTERNET_DISCONNECTED', '401', '410');
  const see = (name) => phone.see(`${name}-${kind}`);
  const session = await platform.session(`sees-${kind}`);
  await phone.open(session.url);
  await see('welcome');
  await phone.tap('Decline');
  await see('decline');
  await phone.tap('Go back');
  await phone.accept();
  await see('question');
  await phone.answer(1, 4);
  await phone.saved('Saved');
  await phone.tap('Back');
  await phone.title('Question 1 of');
  await see('question-answered');
  await phone.tap('Exit');
  await see('exit');
  await phone.tap('Keep going');
  await phone.context.setOffline(true);
  await phone.answer(1, 3);
  await phone.saved('No connection');
  await see('no-connection');
  await phone.context.setOffline(false);
  await phone.saved('Saved');
  await phone.shut();

  const nearly = await platform.session(`nearly-${kind}`, {...choices(1, 16), ...choices(19, 47)});
  await phone.open(nearly.url);
  await phone.title('Question 17 of');
  await see('welcome-back');
  for (let number = 17; number <= 48; ++number) {
    await phone.page.locator('.steps button[type=submit]').tap();
    await phone.title(number < 48 ? `Question ${number + 1} of` : 'Review');
  }
  await see('review');
  await phone.tap('Submit');
  await phone.page.locator('.warning').waitFor();
  await see('warning');
  await phone.tap('Submit anyway');
  await phone.title('Submitted');
  await see('incomplete');
  await phone.shut();

  const whole = await platform.session(`whole-${kind}`, choices(1, 48));
  await phone.open(whole.url);
  await phone.title('Review');
  await phone.tap('Submit');
  await phone.title('Thank you');
  await see('complete');
  await phone.shut();
  await phone.open(`${platform.origin}/assess/#cut-off`);
  await see('invalid-link');
  await phone.end();
}

test('every screen is accessible in light', () => see_every_screen('light', {colorScheme: 'light'}));
test('every screen is accessible in dark', () => see_every_screen('dark', {colorScheme: 'dark'}));
test('every screen is accessible on a wide screen, without motion', () => see_every_screen('wide',
  {viewport: {width: 1280, height: 720}, colorScheme: 'light', reducedMotion: 'reduce', isMobile: false}));

test('the keyboard is enough', async () => {
  const session = await platform.session('has-a-keyboard');
  const desk = await Phone.make(browser, platform.origin, {isMobile: false, hasTouch: false});
  await desk.open(session.url);
  const {keyboard} = desk.page;
  const focus_on = async (name) => {
    for (let tabs = 0; tabs < 12; ++tabs) {
      await keyboard.press('Tab');
      if (await desk.page.evaluate(() => document.activeElement.textContent) === name) return;
    }
    assert.fail(`Tab never comes to ${name}`);
  };
  await focus_on('Accept and begin');
  await keyboard.press('Enter');
  await desk.title('Question 1 of');
  // The new question has the focus, so that it is read out; from there the answers are one step away.
  assert.equal(await desk.page.evaluate(() => document.activeElement.tagName), 'H1');
  const skip = async () => {
    await desk.page.locator('h1:focus').waitFor();
    await focus_on('Skip');
    await keyboard.press('Enter');
  };
  await desk.page.locator('.option input').first().waitFor();
  while (await desk.page.evaluate(() => document.activeElement.type) !== 'radio') await keyboard.press('Tab');
  await keyboard.press('Space');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  assert.match(await desk.page.title(), /^Question 1 of/);
  await desk.saved('Saved');
  assert.deepEqual((await session.journey('GET')).answers, {q01: 3});
  await keyboard.press('Enter');
  await desk.title('Question 2 of');
  await session.journey('POST', '/answers',
    {answers: Object.entries(choices(3, 48)).map(([item, choice]) => ({item, choice, time_ms: 1500}))});
  await desk.page.reload();
  await desk.title('Question 2 of');
  await skip();
  for (let number = 3; number <= 48; ++number) {
    await desk.title(`Question ${number} of`);
    await focus_on('Next');
    await keyboard.press('Enter');
  }
  await desk.title('Review');
  await focus_on('Submit');
  await keyboard.press('Enter');
  await desk.page.locator('.warning').waitFor();
  await focus_on('Submit anyway');
  await keyboard.press('Enter');
  await desk.title('Submitted');
  await platform.receiver.expect(session.uid, ['application.incomplete']);
  await desk.end();
});

test('any brand\'s colour stays readable', async () => {
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(`${platform.origin}/assess/`);
  const worst = await phone.page.evaluate(async () => {
    const {contrast_of, palette} = await import('/assess/brand.js');
    let least = Infinity;
    const parts = ['00', '33', '66', '99', 'cc', 'ff'];
    for (const red of parts) for (const green of parts) for (const blue of parts) {
      for (const ground of ['#eceae4', '#262a2f']) {
        const {accent, fill, on_fill} = palette(`#${red}${green}${blue}`, ground);
        least = Math.min(least, contrast_of(accent, ground), contrast_of(on_fill, fill));
      }
    }
    return least;
  });
  assert.ok(worst >= 4.5, `the least contrast is ${worst}`);
  await phone.end();
});
