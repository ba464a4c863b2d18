// Lists whose reads the server cuts short: the console goes on by itself, says how far back it is, and can be stopped.
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {test} from 'node:test';

import {Operator} from './operator.mjs';
import {until} from './platform.mjs';
import {on_stage} from './stage.mjs';

const hay = 50;
const reads_by_itself = 40;
const looked_at_max = 10_000;  // by the server, for one page of certificates

let platform;
let operator;
let at;

on_stage(async ({platform: started, browser}) => {
  platform = started;
  at = `/i/${platform.integration_id}`;
  await platform.call('POST', '/v1/events', {type: 'loan.paid', uid: 'needle-1', payload: {n: 0}});
  for (let n = 1; n <= hay; ++n) await platform.call('POST', '/v1/events', {type: 'loan.step', uid: `hay-${n}`, payload: {n}});
  operator = await Operator.make(browser, platform.origin, await platform.make_admin());
});

/** Between the page and the server: reads of events by uid look at `rows` events each, as if time were used up then. */
class Cut extends EventEmitter {
  reads = 0;
  held_from = Infinity;

  static async make(rows, held_from = Infinity) {
    const made = new Cut();
    made.rows = rows;
    made.held_from = held_from;
    await operator.page.unroute('**/v1/events?*');
    await operator.page.route('**/v1/events?*', (route) => made.#answer(route));
    return made;
  }

  release() {
    this.held_from = Infinity;
    this.emit('change');
  }

  async #answer(route) {
    const url = new URL(route.request().url());
    const uid = url.searchParams.get('uid');
    if (!uid) return route.continue();
    this.reads += 1;
    this.emit('change');
    const number = this.reads;
    await until(() => number < this.held_from, {emitter: this});
    url.searchParams.delete('uid');
    url.searchParams.set('limit', String(this.rows));
    const answer = await route.fetch({url: url.href});
    const page = await answer.json();
    return route.fulfill({response: answer, json: {...page, data: page.data.filter((event) => event.uid === uid)}});
  }
}

test('goes on behind empty pages until stopped, and again until it finds', async () => {
  const cut = await Cut.make(3, 4);
  await operator.open(`${at}/events?uid=needle-1`, 'Events');
  await until(() => cut.reads === 4, {emitter: cut});
  await operator.text('Looked back to');
  await operator.text('still looking…');
  assert.equal(await operator.page.getByText('Nothing matches').count(), 0);
  await operator.press('Stop');
  cut.release();
  await operator.text('what is older was not looked at');
  await operator.see('events-search');
  assert.equal(cut.reads, 4);
  await operator.press('Go on');
  await operator.page.getByRole('link', {name: 'loan.paid'}).waitFor();
  await operator.page.getByText('Looked back to').waitFor({state: 'detached'});
  assert.equal(cut.reads, Math.ceil((hay + 1) / 3));
});

test('says that nothing matches once all has been looked at, not before', async () => {
  const cut = await Cut.make(10);
  await operator.open(`${at}/events?uid=nobody-1`, 'Events');
  await operator.text('Nothing matches');
  assert.equal(cut.reads, Math.ceil((hay + 1) / 10));
});

test('rests at its bound, and goes on when told to', async () => {
  const cut = await Cut.make(1);
  await operator.open(`${at}/events?uid=needle-1`, 'Events');
  await operator.text('what is older was not looked at');
  assert.equal(cut.reads, reads_by_itself);
  await operator.press('Go on');
  await operator.page.getByRole('link', {name: 'loan.paid'}).waitFor();
});

test('fills a page from several reads, and turns to the next one', async () => {
  const cut = await Cut.make(7);
  await operator.page.unroute('**/v1/events?*');
  await operator.page.route('**/v1/events?*', async (route) => {
    const url = new URL(route.request().url());
    if (Number(url.searchParams.get('limit')) > cut.rows) url.searchParams.set('limit', String(cut.rows));
    return route.fulfill({response: await route.fetch({url: url.href})});
  });
  await operator.open(`${at}/events`, 'Events');
  const rows = operator.page.locator('tbody tr');
  await operator.button('Older').click();
  await operator.page.locator('button:enabled', {hasText: 'Older'}).waitFor();
  assert.equal(await rows.count(), 25);
  await operator.text('Page 2');
  await operator.button('Older').click();
  await operator.text('loan.paid');
  await operator.text('Page 3');
  assert.equal(await rows.count(), 1);
});

test('finds the one among more than the server looks at in a read', async () => {
  const of_hex = (number) => number.toString(16).padStart(24, '0');
  const [{id}] = (await platform.call('GET', '/v1/endpoints')).data;
  await platform.call('POST', `/v1/endpoints/${id}/pause`);
  const rule = await platform.call('POST', '/v1/certificate-rules', {name: 'First aid', owner_id: of_hex(1), validity_days: 0, lessons: [of_hex(2)]});
  const award = (from, count) =>
    platform.call('POST', '/v1/certificates', {rule_id: rule.id, user_ids: Array.from({length: count}, (_, n) => of_hex(from + n))});
  await award(10, 1);
  const [oldest] = (await platform.call('GET', '/v1/certificates')).data;
  await platform.call('POST', `/v1/certificates/${oldest.id}/revoke`);
  for (let n = 0; n < looked_at_max; n += 1000) await award(100 + n, 1000);
  const {data, next_cursor} = await platform.call('GET', '/v1/certificates?state=revoked&limit=25');
  assert.equal(data.length, 0);
  assert.ok(next_cursor);
  await operator.open(`${at}/certificates?state=revoked`, 'Certificates');
  await operator.text(of_hex(10));
  await operator.end();
});
