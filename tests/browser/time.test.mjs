// The time limit, at its shortest.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Phone} from './phone.mjs';
import {choices} from './platform.mjs';
import {on_stage} from './stage.mjs';

const limit_s = 60;
let platform;
let browser;

on_stage(async (made) => {
  ({platform, browser} = made);
  await platform.set({time_limit_s: limit_s});
});

test('a person runs out of time', async () => {
  const session = await platform.session('runs-out', choices(1, 12));
  const phone = await Phone.make(browser, platform.origin);
  phone.expect_failures('410', '401');
  await phone.open(session.url);
  await phone.page.locator('.time.short', {hasText: /^0:\d\d left$/}).waitFor();
  await phone.page.locator('#live', {hasText: 'minute'}).waitFor({state: 'attached'});
  await phone.see('short-time-light');
  await phone.answer(13, 4);
  await phone.page.waitForFunction(() => document.title.startsWith('The time is over'), null,
    {timeout: (limit_s + 30) * 1000});
  await phone.see('expired-light');
  const [expired] = await platform.receiver.expect(session.uid, ['application.expired']);
  assert.equal(expired.details.percentage_completed, '0.270833333333333');
  await phone.shut();
  // The link says the same, now that its token is too old as well.
  await phone.open(session.url);
  assert.equal(await phone.heading(), 'The time is over');
  await phone.end();
});
