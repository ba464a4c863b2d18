// Links that are handed out many at a time (contract 2.8), on a phone: each is one session, for as long as it lasts.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Phone} from './phone.mjs';
import {on_stage} from './stage.mjs';

let platform;
let browser;

on_stage((made) => { ({platform, browser} = made); });

async function link_of(uid) {
  const {id} = await platform.call('POST', '/v1/link-batches', {name: `for ${uid}`, uids: [uid]});
  return (await platform.call('GET', `/v1/link-batches/${id}/links`)).data[0];
}

test('a person opens a link, leaves, comes back by it, and finds it closed in the end', async () => {
  const link = await link_of('comes-by-link');
  assert.equal(link.state, 'unused');
  const first = await Phone.make(browser, platform.origin);
  await first.open(link.url);
  assert.equal(await first.heading(), 'How you see yourself');
  await first.accept();
  await first.answer(1, 3);
  await first.answer(2, 5);
  await first.saved('Saved');
  await first.shut();
  await first.end();

  const second = await Phone.make(browser, platform.origin);
  await second.open(link.url);
  await second.title('Question 3 of');
  await second.page.getByText('Welcome back. Your 2 answers are saved').waitFor();
  const {state, session_id: session} = await platform.call('GET', `/v1/links/${link.id}`);
  assert.equal(state, 'in_progress');
  assert.equal((await platform.call('GET', `/v1/sessions?uid=${link.uid}`)).data.length, 1);
  await second.page.reload();
  await second.title('Question 3 of');
  await second.tap('Exit');
  await second.tap('End it for good');
  await second.title('You have left the assessment');
  await platform.receiver.expect(link.uid, ['application.cancelled']);
  await second.shut();

  second.expect_failures('410');
  await second.open(link.url);
  await second.title('You have left the assessment');
  await second.page.getByText('ask Acme Loans for a new link').waitFor();
  assert.equal((await platform.call('GET', `/v1/links/${link.id}`)).session_id, session);
  await second.end();
});

test('a replaced link says so, and the new one begins again', async () => {
  const old = await link_of('gets-a-new-one');
  const renewed = await platform.call('POST', `/v1/links/${old.id}/regenerate`);
  assert.notEqual(renewed.url, old.url);
  const phone = await Phone.make(browser, platform.origin);
  phone.expect_failures('410');
  await phone.open(old.url);
  await phone.title('There is a newer link');
  await phone.see('replaced-link-light');
  await phone.open(renewed.url);
  assert.equal(await phone.heading(), 'How you see yourself');
  await phone.end();
});

test('a link that was cut off or changed on its way does not work', async () => {
  const {url} = await link_of('cut-off-link');
  const phone = await Phone.make(browser, platform.origin);
  phone.expect_failures('401');
  await phone.open(url.slice(0, -1));
  await phone.title('This link does not work');
  await phone.end();
});
