// Invitations and lost passwords by mail: what a person gets, follows from the mail, and finds behind the link.
import assert from 'node:assert/strict';
import {after, test} from 'node:test';

import {Mails} from './mails.mjs';
import {Operator} from './operator.mjs';
import {on_stage} from './stage.mjs';

const password = 'correct horse battery';
const hour_ms = 3600 * 1000;

let mails;
let platform;
let browser;
let anna;
let ben;

on_stage(async (made) => {
  ({platform, browser} = made);
  anna = await Operator.make(browser, platform.origin, await platform.make_admin());
  ben = await Operator.make(browser, platform.origin);
}, async () => {
  mails = await Mails.start();
  return mails.flags;
});
after(() => mails?.stop());

async function invite(email, role = 'Viewer') {
  await anna.open('/team', 'Team');
  await anna.press('Invite');
  await anna.text('A link is mailed that works once, for 24 hours.');
  await anna.page.getByLabel(/^E-mail/).fill(email);
  await anna.page.getByLabel(role, {exact: true}).check();
  await anna.see('invite');
  await anna.confirm('Invite');
  await anna.text(`Mailed to ${email}`);
  return mails.link_to('invitation', email);
}

const invitation_of = (email) => anna.page.getByRole('row', {name: email});

async function join(person, name) {
  await person.page.getByLabel(/^Name/).fill(name);
  await person.page.getByLabel(/^Password/).fill(password);
  await person.press('Join');
}

const refused = 'This invitation does not work any more';

async function log_in(person, email, with_password) {
  await person.open('/login', 'Log in');
  await person.page.getByLabel(/^E-mail/).fill(email);
  await person.page.getByLabel(/^Password/).fill(with_password);
  await person.press('Log in');
}

test('who is invited by mail chooses a name and a password, and is in', async () => {
  const link = await invite('ben@acme.example');
  assert.equal(new URL(link).origin, platform.origin);
  await ben.visit(link);
  await ben.title('Join ');
  await ben.text('a viewer, who may read everything and change nothing');
  await ben.text('ben@acme.example');
  await ben.see('invitation');
  await join(ben, 'Ben Okafor');
  await ben.title('Overview');
  assert.equal(new URL(ben.page.url()).hash, '');

  const again = await Operator.make(browser, platform.origin);
  again.expect_failures('401', '410');
  await again.visit(link);
  await again.title(refused);
  await again.see('invitation-dead');
  await again.open('/team', 'Log in');
  await again.end();
  await anna.page.reload();
  await invitation_of('ben@acme.example').getByText('accepted').waitFor();
});

test('a link that was sent again kills the one before', async () => {
  const first = await invite('carla@acme.example', 'Admin');
  const carla = await Operator.make(browser, platform.origin);
  carla.expect_failures('410');
  await carla.visit(first);
  await carla.text('carla@acme.example');
  await invitation_of('carla@acme.example').getByRole('button', {name: 'Send again'}).click();
  await anna.text('Sent again: the link before is dead');
  const second = await mails.link_to('invitation', 'carla@acme.example');
  assert.notEqual(second, first);

  // Also on the page that was open already.
  await join(carla, 'Carla Mbeki');
  await carla.title(refused);
  await carla.visit(first);
  await carla.title(refused);
  await carla.visit(second);
  await join(carla, 'Carla Mbeki');
  await carla.title('Overview');
  await carla.open('/team', 'Team');
  await carla.button('Invite').waitFor();
  await carla.end();
});

test('a link is refused after 24 hours', async () => {
  const link = await invite('dora@acme.example');
  const dora = await Operator.make(browser, platform.origin);
  dora.expect_failures('410');
  const pass = (ms) => platform.change_store(`UPDATE invitation SET expires_at=expires_at-${ms} WHERE email='dora@acme.example'`);
  pass(23 * hour_ms);
  await dora.visit(link);
  await dora.text('dora@acme.example');
  pass(hour_ms);
  await join(dora, 'Dora Lund');
  await dora.title(refused);
  await dora.visit(link);
  await dora.title(refused);
  await dora.end();
  await anna.page.reload();
  await invitation_of('dora@acme.example').getByText('expired').waitFor();
});

test('a lost password is set anew by mail, which ends the sessions before', async () => {
  const lost = await Operator.make(browser, platform.origin);
  lost.expect_failures('401', '410');
  const ask = async () => {
    await lost.open('/login', 'Log in');
    await lost.follow('Forgot your password?');
    await lost.title('Reset your password');
    await lost.page.getByLabel(/^E-mail/).fill('ben@acme.example');
    await lost.press('Mail me a link');
    await lost.text('a mail is on its way');
    return mails.link_to('reset', 'ben@acme.example');
  };
  const set = async (link, text) => {
    await lost.visit(link);
    await lost.page.getByLabel(/^New password/).fill(text);
    await lost.press('Set it');
  };
  const late = await ask();
  platform.change_store(`UPDATE one_time_token SET created_at=created_at-${hour_ms}, expires_at=expires_at-${hour_ms} WHERE purpose='reset'`);
  await set(late, 'too late a horse');
  await lost.title('This link does not work any more');

  const link = await ask();
  await lost.visit(link);
  await lost.see('reset-set');
  ben.expect_failures('401');
  await set(link, 'a better horse battery');
  await lost.title('Overview');
  await ben.page.reload();
  await ben.title('Log in');
  await set(link, 'a third horse battery');
  await lost.title('This link does not work any more');
  await lost.end();

  await log_in(ben, 'ben@acme.example', password);
  await ben.page.getByRole('alert').waitFor();
  await log_in(ben, 'ben@acme.example', 'a better horse battery');
  await ben.title('Overview');
  ben.expect_failures();
});

test('who came as a viewer sees nothing that changes something', async () => {
  const at = `/i/${platform.integration_id}`;
  const [{id}] = (await platform.call('GET', '/v1/endpoints')).data;
  const changes = /^(New|Invite|Manage|Send|Take back|Edit|Save|Undo|Delete|Pause|Disable|Enable|Recover|Rotate|Reveal|Rename|Replay|Erase)\b/;
  for (const place of ['/team', '/deployments', `${at}/setup`, `${at}/setup?part=assessment`, `${at}/endpoints/${id}`, `${at}/replays`, `${at}/personal-data`]) {
    const count_for = async (person) => {
      await person.page.goto(`${platform.origin}/console${place}`);
      await person.page.locator('h1').first().waitFor();
      return (await person.controls()).filter((one) => changes.test(one));
    };
    assert.notEqual((await count_for(anna)).length, 0, `an admin changes something on ${place}`);
    assert.deepEqual(await count_for(ben), [], place);
  }
  await anna.end();
  await ben.end();
});
