// What operators do in the console: from a deployment to the first delivered event, and a failing endpoint brought back.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {once} from 'node:events';
import {after, test} from 'node:test';

import {Operator} from './operator.mjs';
import {admin_token, until} from './platform.mjs';
import {on_stage} from './stage.mjs';

const hour_ms = 3_600_000;

let platform;
let browser;
let operator;
let receiver;

on_stage(async (made) => {
  ({platform, browser} = made);
  operator = await Operator.make(browser, platform.origin, await platform.make_admin());
  receiver = createServer((request, answer) => {
    request.resume();
    request.on('end', () => {
      answer.writeHead(receiver.status).end(receiver.status === 200 ? '{}' : '{"detail":"Validation Failure"}');
      receiver.taken += receiver.status === 200;
      receiver.emit('change');
    });
  });
  Object.assign(receiver, {status: 200, taken: 0});
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  receiver.url = `http://127.0.0.1:${receiver.address().port}/hook`;
});
after(() => {
  receiver?.closeAllConnections();
  receiver?.close();
});

test('makes a deployment and an endpoint, and sees an event arrive', async () => {
  await operator.open('/deployments', 'Deployments');
  await operator.press('New deployment');
  await operator.page.getByLabel(/^Name/).fill('Orders');
  await operator.page.getByLabel('Standard', {exact: true}).check();
  await operator.press('Make it');
  await operator.text('Orders is ready');
  const shown = await operator.page.locator('code').allInnerTexts();
  const key = shown.find((text) => text.startsWith('ph_test_'));
  assert.match(key, /^ph_test_\w{20,}/);
  await operator.press('Next: an endpoint');
  await operator.title('Endpoints');
  await operator.follow('New endpoint');
  await operator.page.getByLabel(/^URL/).fill('no address');
  await operator.text('An address such as');
  await operator.page.getByLabel(/^URL/).fill(receiver.url);
  await operator.fill('Description', 'Order desk');
  await operator.press('Create');
  await operator.text('Keep the signing secret now');
  assert.ok((await operator.page.locator('code').allInnerTexts()).some((text) => text.startsWith('whsec_')));
  await operator.press('I have it');
  await operator.title('Order desk');
  await operator.press('Send a test');
  await operator.text('The receiver took it');

  await platform.call('POST', '/v1/events', {type: 'order.paid', uid: 'customer-17', payload: {total: 42}}, key);
  await until(() => receiver.taken >= 2, {emitter: receiver});
  await operator.follow('Events');
  await operator.follow('order.paid');
  await operator.title('order.paid');
  await operator.text('delivered');
  await operator.text('"total"');
});

test('finds a failing endpoint, understands it, and recovers it', async () => {
  receiver.status = 403;
  await operator.open('/deployments', 'Deployments');
  const orders = (await platform.call('GET', '/v1/deployments', undefined, admin_token)).data.find(({name}) => name === 'Orders');
  const at = `/i/${orders.environments.test.integration_id}`;
  const query = `?integration_id=${orders.environments.test.integration_id}`;
  const [{id}] = (await platform.call('GET', `/v1/endpoints${query}`, undefined, admin_token)).data;
  await platform.call('PATCH', `/v1/endpoints/${id}${query}`, {retry: {schedule_s: [0]}, health: {failures_min: 1, failure_percent_min: 1}}, admin_token);
  for (const uid of ['a-1', 'a-2', 'a-3']) {
    await platform.call('POST', `/v1/events${query}`, {type: 'order.paid', uid, payload: {}}, admin_token);
  }
  await operator.open(`${at}/overview`, 'Overview');
  await operator.text('degraded');
  await operator.follow('Order desk');
  await operator.title('Order desk');
  await operator.text('This endpoint is degraded');
  await operator.press('Send a test');
  await operator.text('The receiver refused the signature');
  await operator.text('Validation Failure');

  receiver.status = 200;
  const before = receiver.taken;
  await operator.press('Send a test');
  await operator.text('The receiver took it');
  await operator.press('Recover');
  await operator.confirm('Recover');
  await operator.text('on their way again');
  await until(() => receiver.taken >= before + 4, {emitter: receiver});
  await operator.press('Close');
  await operator.text('active');
});

test('changes settings, and is told what the server refuses', async () => {
  await operator.follow('Edit');
  await operator.title('Settings of Order desk');
  await operator.fill('Seconds before each try', '0, 5, never');
  await operator.text('Whole seconds');
  await operator.fill('Seconds before each try', '0, 5, 60');
  await operator.text('3 tries over 1 min 5 s');
  await operator.press('Add a header');
  await operator.fill('Name of header 1', 'Host');
  await operator.fill('Value of header 1', 'x');
  operator.expect_failures('422');
  await operator.press('Save');
  await operator.text('is set by Posthorn or the connection');
  await operator.fill('Name of header 1', 'X-Team');
  await operator.press('Save');
  await operator.title('Order desk');
  await operator.text('X-Team');
});

test('sees attempts as they end', async () => {
  const orders = (await platform.call('GET', '/v1/deployments', undefined, admin_token)).data.find(({name}) => name === 'Orders');
  const {integration_id} = orders.environments.test;
  await operator.open(`/i/${integration_id}/events/live`, 'Live');
  await operator.text('connected');
  await operator.text('Nothing has gone out yet');
  await platform.call('POST', `/v1/events?integration_id=${integration_id}`, {type: 'order.shipped', uid: 'live-1', payload: {}}, admin_token);
  await operator.text('order.shipped');
  await operator.text('Order desk');
  await operator.follow('order.shipped');
  await operator.title('order.shipped');
});

test('finds events of a time, and sends them again with progress', async () => {
  const orders = (await platform.call('GET', '/v1/deployments', undefined, admin_token)).data.find(({name}) => name === 'Orders');
  const field = (name) => operator.page.getByRole('textbox', {name, exact: true});
  const zone_ms = 3 * hour_ms;  // of the operator's browser, ahead of UTC
  const local = (at_ms) => new Date(at_ms + zone_ms).toISOString().slice(0, 16);
  await operator.open(`/i/${orders.environments.test.integration_id}/events?state=delivered`, 'Events');
  await operator.text('order.shipped');
  await field('Time').click();
  await operator.page.getByRole('option', {name: 'From … to …'}).click();
  await operator.page.getByLabel('From', {exact: true}).fill(local(Date.now() - 2 * hour_ms));
  await operator.page.getByLabel('Until', {exact: true}).fill(local(Date.now() - hour_ms));
  await operator.text('Nothing matches');
  await operator.page.getByLabel('Until', {exact: true}).fill(local(Date.now() + hour_ms));
  await operator.text('order.shipped');
  await operator.press('Send many again');
  assert.equal(await field('What').inputValue(), 'Deliveries that arrived');
  assert.match(await field('Since').inputValue(), /^From .+ to /);
  await operator.see('send-many-again');
  const before = receiver.taken;
  await operator.confirm('Begin');
  await operator.title('Replays');
  await operator.text('done');
  await until(() => receiver.taken > before, {emitter: receiver});
  await operator.follow('Events');
  await operator.title('Events');
});

test('switches between environments that cannot be mistaken', async () => {
  const bar = operator.page.locator('[data-environment=test]').first();
  await bar.waitFor();
  await operator.page.getByRole('navigation', {name: 'Environment'}).getByRole('link', {name: 'Production'}).click();
  await operator.page.locator('div[data-environment=production]').waitFor();
  await operator.title('Events');
  await operator.text('No event yet');
  await operator.end();
});
