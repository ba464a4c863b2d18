// People and the console: the first start, an invitation, what a viewer sees, and the ways in and out.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Operator} from './operator.mjs';
import {on_stage} from './stage.mjs';

const password = 'correct horse battery';

let platform;
let browser;
let anna;
let ben;

on_stage(async (made) => {
  ({platform, browser} = made);
  anna = await Operator.make(browser, platform.origin);
  ben = await Operator.make(browser, platform.origin);
});

test('the first start prints a link that makes the first admin, once', async () => {
  anna.expect_failures('401');
  await anna.page.goto(platform.setup_url);
  await anna.title('Welcome to Posthorn');
  await anna.page.getByLabel(/^Name/).fill('Anna Berg');
  await anna.page.getByLabel(/^E-mail/).fill('anna@acme.example');
  await anna.page.getByLabel(/^Password/).fill('short');
  await anna.press('Begin');
  await anna.text('At least 10 characters');
  await anna.page.getByLabel(/^Password/).fill(password);
  await anna.press('Begin');
  await anna.title('Overview');
  assert.equal(new URL(anna.page.url()).hash, '');

  ben.expect_failures('410');
  await ben.page.goto(platform.setup_url);
  await ben.page.getByLabel(/^Name/).fill('Mallory');
  await ben.page.getByLabel(/^E-mail/).fill('mallory@acme.example');
  await ben.page.getByLabel(/^Password/).fill(password);
  await ben.press('Begin');
  await ben.title('This link does not work any more');
});

test('an admin invites a viewer, whose newer link alone works', async () => {
  const invite = async () => (await anna.page.getByRole('dialog').locator('code').innerText()).trim();
  await anna.open('/team', 'Team');
  await anna.press('Invite');
  await anna.page.getByLabel(/^E-mail/).fill('ben@acme.example');
  await anna.confirm('Invite');
  await anna.text('The link for ben@acme.example');
  const first = await invite();
  await anna.press('Done');
  await anna.press('Send again');
  await anna.page.waitForFunction((old) => [...document.querySelectorAll('[role=dialog] code')].some((one) => one.textContent !== old), first);
  const second = await invite();
  assert.notEqual(first, second);
  await anna.press('Done');

  await ben.visit(first);
  await ben.title('This invitation does not work any more');
  await ben.visit(second);
  await ben.text('ben@acme.example');
  await ben.see('invitation');
  await ben.page.getByLabel(/^Name/).fill('Ben Okafor');
  await ben.page.getByLabel(/^Password/).fill(password);
  await ben.press('Join');
  await ben.title('Overview');
});

test('a viewer reads, and sees no button that would be refused', async () => {
  const at = `/i/${platform.integration_id}`;
  const [{id}] = (await platform.call('GET', '/v1/endpoints')).data;
  const none = async (...names) => { for (const name of names) assert.equal(await ben.button(name).count(), 0, name); };
  await ben.open('/deployments', 'Deployments');
  await none('New deployment');
  await ben.open(`${at}/endpoints/${id}`, 'hook');
  await ben.text('Settings');
  await none('Pause', 'Disable', 'Delete', 'Send a test', 'Edit');
  await ben.open(`${at}/setup`, 'loans');
  await ben.text('API key');
  await none('Reveal', 'Rotate', 'Rename', 'Delete');
  await ben.open(`${at}/setup?part=assessment`, 'loans');
  assert.ok(await ben.page.getByLabel('Use case').isDisabled());
  await none('Save');
  await ben.open('/team', 'Team');
  await ben.text('anna@acme.example');
  await none('Invite', 'Manage');
  await ben.page.goto(`${platform.origin}/console${at}/endpoints/new`);
  await ben.text('Only admins change this');
  ben.expect_failures('403', '410');
  const refused = await ben.page.evaluate((path) => fetch(path, {method: 'POST', headers: {'X-Posthorn-Console': '1'}}).then(({status}) => status),
    `/v1/endpoints/${id}/pause?integration_id=${platform.integration_id}`);
  assert.equal(refused, 403);
});

test('a viewer sees links without their addresses, and exports nobody', async () => {
  const at = `/i/${platform.integration_id}`;
  const batch = await platform.call('POST', '/v1/link-batches', {name: 'Autumn intake', count: 2});
  const read = (place) => ben.page.evaluate((path) => fetch(path).then(async (answer) => ({status: answer.status, body: await answer.text()})),
    `${place}${place.includes('?') ? '&' : '?'}integration_id=${platform.integration_id}`);
  await ben.open(`${at}/links/${batch.id}`, 'Autumn intake');
  await ben.page.getByRole('table', {name: 'Links'}).getByText('unused').first().waitFor();
  assert.equal(await ben.button('Copy the link').count(), 0);
  const {data} = JSON.parse((await read(`/v1/link-batches/${batch.id}/links`)).body);
  assert.deepEqual(data.map(({url}) => url), [null, null]);
  assert.equal((await read(`/v1/link-batches/${batch.id}/links?format=csv`)).body.includes('/assess/'), false);
  await anna.open(`${at}/links/${batch.id}`, 'Autumn intake');
  await anna.button('Copy the link').first().waitFor();
  await ben.open(`${at}/personal-data`, 'Personal data');
  await ben.text('Only admins hand out or erase personal data');
  assert.equal(await ben.button('Export as JSON').count(), 0);
  assert.equal((await read('/v1/people/somebody-1')).status, 403);
});

test('an admin hands over a link by which a member sets a new password', async () => {
  ben.expect_failures('401', '403', '410');
  const manage = async (name) => {
    await anna.open('/team', 'Team');
    await anna.page.getByRole('row', {name}).getByRole('button', {name: 'Manage'}).click();
  };
  await manage(/\(you\)/);
  await anna.button('End sessions').waitFor();
  assert.equal(await anna.button('Make a password link').count(), 0, 'for oneself');
  await manage(/Ben Okafor/);
  await anna.press('Make a password link');
  await anna.confirm('Make a password link');
  await anna.text('It is shown this once, works once, and for an hour');
  const link = (await anna.page.getByRole('dialog').locator('code').innerText()).trim();
  await anna.see('password-link');
  await anna.press('Done');
  const set = async (text) => {
    await ben.visit(link);
    await ben.page.getByLabel(/^New password/).fill(text);
    await ben.press('Set it');
  };
  await set('a better horse battery');
  await ben.title('Overview');
  await set('a third horse battery');
  await ben.title('This link does not work any more');
});

test('a removed member is at the door at once', async () => {
  await ben.open('/team', 'Team');
  await anna.page.reload();
  await anna.page.getByRole('row', {name: /Ben Okafor/}).getByRole('button', {name: 'Manage'}).click();
  await anna.press('Remove');
  await anna.confirm('Remove');
  await anna.text('Removed');
  ben.expect_failures('401', '403', '410');
  await ben.page.reload();
  await ben.title('Log in');
  await ben.end();
});

test('changes the password, logs out, and in again to where it was', async () => {
  anna.expect_failures('401', '422');
  await anna.open('/settings', 'Settings');
  await anna.page.getByLabel('Present password').fill(password);
  await anna.page.getByLabel(/^New password/).fill('a better horse battery');
  await anna.press('Change');
  await anna.text('Changed: your other sessions have ended');
  await anna.page.getByRole('button', {name: /your account/}).click();
  await anna.page.getByRole('menuitem', {name: 'Log out'}).click();
  await anna.title('Log in');
  await anna.open('/audit', 'Log in');
  const enter = async (with_password) => {
    await anna.page.getByLabel(/^E-mail/).fill('anna@acme.example');
    await anna.page.getByLabel(/^Password/).fill(with_password);
    await anna.press('Log in');
  };
  await enter(password);
  await anna.page.getByRole('alert').waitFor();
  await enter('a better horse battery');
  await anna.title('Audit');
  await anna.end();
});
