// Bad lines, dead batteries, two devices: no answer is lost, and the page says where it is.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Phone} from './phone.mjs';
import {choices} from './platform.mjs';
import {on_stage} from './stage.mjs';

let platform;
let browser;

on_stage((made) => { ({platform, browser} = made); });

async function come(uid, given, url_of = (session) => session.url) {
  const session = await platform.session(uid, given);
  const phone = await Phone.make(browser, platform.origin);
  phone.expect_failures('ERR_INTERNET_DISCONNECTED');
  await phone.open(url_of(session));
  return {session, phone};
}

test('answers that are given without a line are sent when it is back', async () => {
  const {session, phone} = await come('line-away', choices(1, 10));
  await phone.context.setOffline(true);
  await phone.answer(11, 5);
  await phone.saved('No connection, will be saved');
  await phone.page.locator('#live', {hasText: 'Your answers are kept on this device'}).waitFor({state: 'attached'});
  await phone.answer(12, 4);
  await phone.title('Question 13 of');
  await phone.saved('No connection, will be saved');
  assert.deepEqual((await session.journey('GET')).answers, choices(1, 10));
  await phone.context.setOffline(false);
  await phone.saved('Saved');
  await phone.page.locator('#live', {hasText: 'All answers are saved'}).waitFor({state: 'attached'});
  assert.deepEqual((await session.journey('GET')).answers, {...choices(1, 10), q11: 5, q12: 4});
  assert.equal(await phone.page.evaluate(() => localStorage.length), 0);
  await phone.end();
});

test('a page that dies without a line has lost nothing when it is opened again', async () => {
  const {session, phone} = await come('battery-dead', choices(1, 10));
  await phone.context.setOffline(true);
  await phone.answer(11, 1);
  await phone.answer(12, 2);
  await phone.saved('No connection');
  await phone.die();
  assert.deepEqual((await session.journey('GET')).answers, choices(1, 10));
  // Meanwhile, on another device.
  await session.journey('POST', '/answers', {answers: [{item: 'q11', choice: 3, time_ms: 900}]});
  await phone.context.setOffline(false);
  await phone.open(session.url);
  await phone.title('Question 13 of');
  await phone.saved('Saved');
  assert.deepEqual((await session.journey('GET')).answers, {...choices(1, 10), q11: 3, q12: 2});
  await phone.end();
});

test('a submit waits for the line, and for the answers before it', async () => {
  const {session, phone} = await come('line-late', choices(1, 47));
  await phone.title('Question 48 of');
  await phone.context.setOffline(true);
  await phone.answer(48, 2, 'Review');
  await phone.tap('Submit');
  await phone.saved('No connection');
  assert.equal((await session.journey('GET')).outcome, null);
  await phone.context.setOffline(false);
  await phone.title('Thank you');
  await platform.receiver.expect(session.uid, ['application.complete', 'psychometric_score.complete']);
  await phone.end();
});

test('a page of which a part does not come offers to try again', async () => {
  const session = await platform.session('half-a-page');
  const phone = await Phone.make(browser, platform.origin);
  phone.expect_failures('ERR_FAILED');
  await phone.context.route('**/queue.js', (route) => route.abort());
  phone.page = await phone.context.newPage();
  await phone.page.goto(session.url);
  await phone.page.locator('h1', {hasText: 'Not loaded yet'}).waitFor();
  await phone.see('half-a-page');
  await phone.context.unroute('**/queue.js');
  await phone.tap('Try again');
  await phone.title('How you see yourself');
  await phone.end();
});

test('what ended on another device ends here', async () => {
  const {session, phone} = await come('ends-elsewhere', choices(1, 10));
  await phone.title('Question 11 of');
  await session.journey('POST', '/exit');
  phone.expect_failures('410', '409');
  await phone.page.locator('.option').first().tap();
  await phone.title('You have left the assessment');
  await platform.receiver.expect(session.uid, ['application.cancelled']);
  await phone.end();
});

test('how a person was there is told with the answers', async () => {
  const {phone} = await come('looks-away', choices(1, 10));
  const report = phone.page.waitForRequest((request) => request.url().endsWith('/v1/journey/answers'));
  await phone.page.evaluate(() => {
    dispatchEvent(new Event('blur'));
    Object.defineProperty(document, 'hidden', {value: true, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
    Object.defineProperty(document, 'hidden', {value: false, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await phone.answer(11, 5);
  const told = (await report).postDataJSON();
  assert.match(told.visit, /^[\w-]{12}$/);
  assert.equal(told.focus_lost, 1);
  assert.ok(Number.isInteger(told.away_ms) && told.away_ms >= 0);
  assert.equal(told.answers.length, 1);
  assert.ok(Number.isInteger(told.answers[0].time_ms) && told.answers[0].time_ms > 0);
  await phone.end();
});
