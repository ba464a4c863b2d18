// A new endpoint: an address is enough; every other setting is there, filled in by the preset and judged while one types.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Operator} from './operator.mjs';
import {on_stage} from './stage.mjs';

let platform;
let operator;
let at;

on_stage(async ({platform: started, browser}) => {
  platform = started;
  at = `/i/${platform.integration_id}/endpoints`;
  operator = await Operator.make(browser, platform.origin, await platform.make_admin());
});

const preset = (name) => operator.page.getByRole('radio', {name, exact: true}).check();
const field = (label) => operator.page.getByRole('textbox', {name: label, exact: true});

async function made() {
  const {data} = await platform.call('GET', '/v1/endpoints');
  return data.find(({url}) => url === 'http://127.0.0.1:1/made');
}

test('a preset fills the settings in, and what was changed by hand stays', async () => {
  await operator.open(`${at}/new`, 'New endpoint');
  await operator.text('Only 200 within 5 s is a success, signed by X-Signature');
  await preset('Standard');
  await operator.text('Any 2xx within 5 s is a success, signed by Standard Webhooks v1,');
  assert.equal(await operator.page.getByLabel('Requests at once', {exact: true}).isVisible(), false);
  await operator.press('All settings');
  await operator.fill('Requests at once', '4');
  await operator.see('endpoint-new-open');
  await preset('Learning');
  await operator.text('not signed');
  assert.equal(await field('Requests at once').inputValue(), '4');
  assert.equal(await field('Retry on').inputValue(), 'What may pass: 408, 425, 429, 5xx and broken connections');
});

test('a fault is told while one types, and a folded one is unfolded', async () => {
  await operator.fill('Requests at once', '400');
  await operator.text('From 1 to 256');
  await field('Kind').click();
  await operator.page.getByRole('option', {name: 'API key in a header'}).click();
  await operator.fill('Header', 'no header');
  await operator.text('Letters, digits and hyphens, such as X-Team');
  await operator.fill('Header', 'X-Api-Key');
  await operator.fill('Value', 'secret-of-theirs');
  await operator.page.getByLabel(/^URL/).fill('http://127.0.0.1:1/made');
  await operator.fill('Description', 'Made at once');
  await operator.press('Fewer settings');
  await operator.page.getByLabel('Requests at once', {exact: true}).waitFor({state: 'hidden'});
  await operator.press('Create');
  await operator.page.getByLabel('Requests at once', {exact: true}).waitFor();
  assert.equal(await made(), undefined);
});

test('makes it with all that was set, in one go', async () => {
  await operator.fill('Requests at once', '8');
  await operator.page.getByText('Limit the rate').click();
  await operator.fill('Requests a second', '20');
  await operator.press('Add a header');
  await operator.fill('Name of header 1', 'X-Team');
  await operator.fill('Value of header 1', 'loans');
  await operator.fill('Filter by payload', '{"pointer": "/n", "ge": 7}');
  await operator.page.getByLabel('Standard Webhooks v1', {exact: true}).check();
  await operator.fill('A secret of your own for Standard Webhooks v1', 'short');
  await operator.text('whsec_ and the key in base64');
  await operator.fill('A secret of your own for Standard Webhooks v1', `whsec_${'A'.repeat(43)}=`);
  await operator.press('Create');
  await operator.title('Made at once');
  const {preset: from, kind, in_flight_max, rate_limit, headers, filter, signatures, auth, success, retry} = await made();
  assert.deepEqual({from, kind, in_flight_max, rate_limit, headers, filter, success}, {
    from: 'learning', kind: 'events', in_flight_max: 8, rate_limit: {per_second: 20, burst: 50}, headers: {'X-Team': '***'},
    filter: {pointer: '/n', ge: 7}, success: '2xx',
  });
  assert.deepEqual(auth, {authType: 'api_key', header: 'X-Api-Key', value: '***'});
  assert.deepEqual(signatures.map(({scheme}) => scheme), ['standard_v1']);
  assert.equal(retry.on, 'status');
});

test('keeps the value of a custom header that it does not show, and takes another', async () => {
  const {id} = await made();
  await operator.open(`${at}/${id}/edit`, 'Settings of Made at once');
  assert.equal(await operator.page.getByLabel('Value of header 1', {exact: true}).inputValue(), '***');
  assert.equal(await operator.page.getByLabel('Value of header 1', {exact: true}).getAttribute('type'), 'password');
  await operator.press('Add a header');
  await operator.fill('Name of header 2', 'X-Desk');
  await operator.fill('Value of header 2', 'second floor');
  await operator.page.getByLabel(/^URL/).fill(platform.receiver.url);
  await operator.press('Save');
  await operator.title('Made at once');
  assert.deepEqual((await platform.call('GET', `/v1/endpoints/${id}`)).headers, {'X-Team': '***', 'X-Desk': '***'});
  await platform.call('POST', `/v1/endpoints/${id}/test`);
  assert.deepEqual(platform.receiver.header_values('x-team', 'x-desk'), ['loans', 'second floor']);
});

test('makes one for operational news, whose types are others', async () => {
  await operator.open(`${at}/new`, 'New endpoint');
  await operator.page.getByText('Operational news', {exact: true}).click();
  await operator.page.getByLabel(/^URL/).fill('http://127.0.0.1:1/news');
  await operator.press('All settings');
  assert.equal(await operator.page.getByLabel('Filter by payload').count(), 0);
  await field('Event types').click();
  await operator.page.getByRole('option', {name: 'delivery.failed'}).click();
  await operator.page.keyboard.press('Escape');
  await operator.press('Create');
  await operator.title('127.0.0.1:1/news');
  await operator.text('Operational news');
  const {data} = await platform.call('GET', '/v1/endpoints');
  const news = data.find(({kind}) => kind === 'operational');
  assert.deepEqual(news.event_types, ['*', 'delivery.failed']);
  await operator.end();
});
