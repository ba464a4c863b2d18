// Journeys from the link to the customer's endpoint (contract 2.2, 2.5), on a phone.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Phone} from './phone.mjs';
import {choices} from './platform.mjs';
import {on_stage} from './stage.mjs';

const items = 48;
let platform;
let browser;

on_stage((made) => { ({platform, browser} = made); });

test('a person answers every question and submits', async () => {
  const session = await platform.session('walks-all');
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  assert.equal(await phone.heading(), 'How you see yourself');
  assert.equal(await phone.page.getByRole('link', {name: 'privacy policy'}).getAttribute('href'),
    'https://acme.example/privacy');
  await phone.accept();
  const wanted = choices(1, items);
  for (const [at, choice] of Object.values(wanted).entries()) {
    await phone.answer(at + 1, choice, at + 1 < items ? undefined : 'Review');
  }
  assert.equal(await phone.heading(), 'All questions are answered');
  await phone.saved('Saved');
  assert.deepEqual((await session.journey('GET')).answers, wanted);
  await phone.tap('Submit');
  await phone.title('Thank you');
  const [complete, score] =
    await platform.receiver.expect(session.uid, ['application.complete', 'psychometric_score.complete']);
  assert.ok(complete.details.application_completed_at >= complete.details.application_started_at);
  assert.equal(score.details.platform, 'WEB');
  assert.equal(score.details.calculated.traits.length, 12);
  await phone.end();
});

test('a person declines the privacy policy', async () => {
  const session = await platform.session('declines-it');
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  await phone.tap('Decline');
  await phone.tap('Go back');
  assert.equal((await session.journey('GET')).state, 'created');
  await phone.tap('Decline');
  await phone.tap('Decline and end');
  await phone.title('You have left the assessment');
  const [cancelled] = await platform.receiver.expect(session.uid, ['application.cancelled']);
  assert.deepEqual(cancelled.reasons, ['Denied the terms and conditions']);
  await phone.end();
});

test('a person ends it on the way', async () => {
  const session = await platform.session('walks-out', choices(1, 5));
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  await phone.title('Question 6 of');
  await phone.tap('Exit');
  await phone.page.keyboard.press('Escape');
  await phone.page.locator('dialog').waitFor({state: 'detached'});
  assert.equal((await session.journey('GET')).state, 'in_progress');
  await phone.tap('Exit');
  await phone.tap('End it for good');
  await phone.title('You have left the assessment');
  const [cancelled] = await platform.receiver.expect(session.uid, ['application.cancelled']);
  assert.deepEqual(cancelled.reasons, ['Exited the assessment']);
  await phone.end();
});

test('a person leaves and comes back on another device', async () => {
  const session = await platform.session('comes-back', choices(1, 44));
  const first = await Phone.make(browser, platform.origin);
  await first.open(session.url);
  await first.answer(45, 2);
  await first.answer(46, 3);
  await first.title('Question 47 of');
  await first.saved('Saved');
  await first.shut();
  await first.end();

  const second = await Phone.make(browser, platform.origin);
  await second.open(session.url);
  await second.title('Question 47 of');
  await second.page.getByText('Welcome back. Your 46 answers are saved').waitFor();
  // What was given there can be changed here.
  await second.tap('Back');
  await second.title('Question 46 of');
  assert.equal(await second.page.locator('.option input').nth(2).isChecked(), true);
  await second.answer(46, 5);
  await second.answer(47, 1);
  await second.answer(48, 1, 'Review');
  await second.tap('Submit');
  await second.title('Thank you');
  await platform.receiver.expect(session.uid, ['application.complete', 'psychometric_score.complete']);
  await second.end();
});

test('the browser\'s own way back goes one question back', async () => {
  const session = await platform.session('goes-back', choices(1, 3));
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  await phone.answer(4, 4);
  await phone.title('Question 5 of');
  await phone.page.goBack();
  await phone.title('Question 4 of');
  assert.equal(await phone.page.locator('.option input').nth(3).isChecked(), true);
  await phone.page.reload();
  await phone.title('Question 5 of');
  await phone.end();
});

test('submitting with required questions open warns once, then ends incomplete', async () => {
  const session = await platform.session('leaves-open', {...choices(1, 10), ...choices(13, 47)});
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  await phone.title('Question 11 of');
  await phone.tap('Skip');
  await phone.title('Question 12 of');
  for (let number = 12; number < items; ++number) {
    await phone.tap(number === 12 ? 'Skip' : 'Next');
    await phone.title(`Question ${number + 1} of`);
  }
  await phone.tap('Skip');
  await phone.title('Review');
  assert.equal(await phone.heading(), '3 questions are still open');
  await phone.tap('Submit');
  await phone.page.getByText('your assessment ends as incomplete').waitFor();
  assert.equal(await phone.heading(), '3 required questions are still open');
  assert.equal((await session.journey('GET')).outcome, null);
  assert.deepEqual(await phone.page.locator('.jump .number').allInnerTexts(), ['11', '12', '48']);
  await phone.page.locator('.jump').nth(1).tap();
  await phone.answer(12, 2, 'Question 48 of');  // the next that is open
  await phone.tap('Skip');
  await phone.title('Review');
  assert.deepEqual(await phone.page.locator('.jump .number').allInnerTexts(), ['11', '48']);
  await phone.tap('Submit anyway');
  await phone.title('Submitted, with questions open');
  const [incomplete] = await platform.receiver.expect(session.uid, ['application.incomplete']);
  assert.deepEqual(incomplete.reasons, ['Missing data']);
  assert.equal(incomplete.details.percentage_completed, '0.958333333333333');
  await phone.end();
});

test('a link that is no good, or whose session has ended, says so', async () => {
  const session = await platform.session('is-over', choices(1, 2));
  await session.journey('POST', '/exit');
  const phone = await Phone.make(browser, platform.origin);
  phone.expect_failures('401', '410');
  for (const [url, heading] of [
    [session.url, 'You have left the assessment'],
    [`${session.url}x`, 'This link does not work'],
    [session.url.slice(0, session.url.indexOf('#') + 40), 'This link does not work'],
    [session.url.slice(0, session.url.indexOf('#')), 'This link does not work'],
  ]) {
    await phone.open(url);
    assert.equal(await phone.heading(), heading);
    await phone.shut();
  }
  await phone.end();
});

test('the session of an app says that it belongs there', async () => {
  await platform.set({platform: 'ANDROID'});
  const session = await platform.session('has-the-app');
  await platform.set({platform: 'WEB'});
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  assert.equal(await phone.heading(), 'This one is done in the app');
  assert.equal((await session.journey('GET')).state, 'created');
  await phone.end();
});

test('the end leads to where the environment says', async () => {
  const customer = platform.receiver.url;
  await platform.set({redirects: {complete: `${customer}thanks?from=page`}});
  const session = await platform.session('is-sent-on', choices(1, 47));
  const phone = await Phone.make(browser, platform.origin);
  await phone.open(session.url);
  await phone.answer(48, 3, 'Review');
  await phone.tap('Submit');
  phone.may_visit.push(new URL(customer).origin);
  await phone.title('At the customer');
  assert.equal(phone.page.url(), `${customer}thanks?from=page&uid=is-sent-on&outcome=complete`);
  assert.deepEqual(platform.receiver.visits,
    [{path: '/thanks?from=page&uid=is-sent-on&outcome=complete', referer: undefined}]);
  // Who opens the link again is not sent away, but offered the way.
  await phone.open(session.url);
  assert.equal(await phone.heading(), 'Thank you');
  assert.equal(await phone.page.getByRole('link', {name: 'Continue to Acme Loans'}).getAttribute('href'),
    `${customer}thanks?from=page&uid=is-sent-on&outcome=complete`);
  await platform.receiver.expect(session.uid, ['application.complete', 'psychometric_score.complete']);
  await phone.end();
});
