// Every page of the console with real data: for eyes, keyboards and screen readers, in light and dark, wide and narrow.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Operator} from './operator.mjs';
import {admin_token, choices} from './platform.mjs';
import {live_a_day, simulate} from './people.mjs';
import {on_stage} from './stage.mjs';

let platform;
let browser;
let event;
let endpoint;
let session;
let admin;

on_stage(async (made) => {
  ({platform, browser} = made);
  admin = await platform.make_admin();
  const [first] = (await platform.call('GET', '/v1/endpoints')).data;
  await platform.call('PATCH', `/v1/endpoints/${first.id}`, {description: 'Loan decision engine'});
  endpoint = await platform.call('POST', '/v1/endpoints', {url: 'http://127.0.0.1:1/crm', description: 'CRM (old key)', preset: 'standard', retry: {schedule_s: [0, 1]}});
  const journey = await platform.session('console-1', choices(1, 48));
  await journey.journey('POST', '/submit', {anyway: false});
  await platform.receiver.expect('console-1', ['application.complete', 'psychometric_score.complete']);
  await platform.call('POST', '/v1/replays', {state: 'delivered', endpoint_id: first.id});
  if (process.env.POSTHORN_SCREENSHOTS) await live_a_day(platform);
  await simulate(platform, 30);
  await platform.call('POST', '/v1/link-batches', {name: 'Spring intake', count: 12});
  const of_hex = (number) => number.toString(16).padStart(24, '5f2b0c');
  const rule = await platform.call('POST', '/v1/certificate-rules', {name: 'First aid', owner_id: of_hex(1), validity_days: 365, lessons: [of_hex(2)]});
  await platform.call('POST', '/v1/certificates', {rule_id: rule.id, user_ids: [3, 4, 5].map(of_hex)});
  await platform.call('POST', '/v1/invitations', {email: 'ben@acme.example', role: 'viewer'}, admin_token);
  [session] = (await platform.call('GET', '/v1/sessions?uid=console-1')).data;
  [event] = (await platform.call('GET', '/v1/events?uid=console-1')).data;
});

const pages = () => {
  const at = `/i/${platform.integration_id}`;
  return [
    ['overview', `${at}/overview`, 'Overview'],
    ['events', `${at}/events`, 'Events'],
    ['events-live', `${at}/events/live`, 'Live', be_lively],
    ['event', `${at}/events/${event.id}`, event.type],
    ['endpoints', `${at}/endpoints`, 'Endpoints'],
    ['endpoint', `${at}/endpoints/${endpoint.id}`, 'CRM (old key)'],
    ['endpoint-edit', `${at}/endpoints/${endpoint.id}/edit`, 'Settings of CRM (old key)'],
    ['endpoint-new', `${at}/endpoints/new`, 'New endpoint'],
    ['journeys', `${at}/journeys`, 'Journeys'],
    ['journey', `${at}/journeys/${session.id}`, 'console-1'],
    ['certificates', `${at}/certificates`, 'Certificates'],
    ['replays', `${at}/replays`, 'Replays'],
    ['setup', `${at}/setup`, 'loans'],
    ['setup-assessment', `${at}/setup?part=assessment`, 'loans'],
    ['setup-branding', `${at}/setup?part=branding`, 'loans'],
    ['deployments', '/deployments', 'Deployments'],
    ['event-types', '/event-types', 'Event types'],
    ['links', `${at}/links`, 'Links'],
    ['diagnose', `${at}/diagnose`, 'Diagnose'],
    ['personal-data', `${at}/personal-data`, 'Personal data'],
    ['team', '/team', 'Team'],
    ['settings', '/settings', 'Settings'],
    ['audit', '/audit', 'Audit'],
  ];
};

/** While somebody looks on, events go out. */
async function be_lively(operator) {
  await operator.text('connected');
  for (const [n, type] of ['loan.asked', 'loan.granted', 'loan.paid_out', 'loan.paid_back'].entries()) {
    await platform.call('POST', '/v1/events', {type, uid: `customer-${n + 1}`, payload: {n}});
  }
  await operator.text('loan.paid_back');
}

async function see_every_page(more) {
  const operator = await Operator.make(browser, platform.origin, admin, more);
  for (const [name, place, title, prepare] of pages()) {
    await operator.open(place, title);
    await prepare?.(operator);
    await operator.see(name);
  }
  await operator.end();
  const stranger = await Operator.make(browser, platform.origin, null, more);
  stranger.expect_failures('401', '410');
  for (const [name, place, title] of doors) {
    await stranger.open(place, title);
    await stranger.see(name);
  }
  await stranger.end();
}

const doors = [
  ['login', '/deployments', 'Log in'], ['reset', '/reset', 'Reset your password'], ['reset-set', '/reset#token', 'Set a new password'],
  ['setup-first', '/setup#token', 'Welcome to Posthorn'], ['invitation-dead', '/invitation#token', 'This invitation does not work any more'],
];

test('every page fits a wide screen', () => see_every_page({}));
test('every page fits a phone', () => see_every_page({viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true}));
test('every page fits the narrowest phone, in the dark', () => see_every_page({viewport: {width: 360, height: 740}, colorScheme: 'dark'}));

// What may be on a page for who only reads: beside what is named here, any button and any field is a fault.
const reads = /^(Copy\b|\d+ (hours?|days)$|(Refresh|Older|Newer|Pretty|Raw|Check|Access|Assessment|Branding|Retention|Awarded|Rules|Export as JSON|Show all \d+)$)/;
const seeks = /^(Deployment|uid|User id|Type|State|Endpoint|Time|Role)$/;
const reads_on = {
  'event': /^Attempt \d|\d attempts?/,
  'events-live': /^Stop$/,
  'event-types': /^[a-z_]+(\.[a-z_]+)?$/,
  'settings': /./,  // of one's own account
};

test('a viewer finds nothing on any page that changes something', async () => {
  const cookie = await platform.make_viewer('Vera Lind', 'vera@acme.example');
  const viewer = await Operator.make(browser, platform.origin, cookie);
  for (const [name, place] of pages()) {
    await viewer.page.goto(`${platform.origin}/console${place}`);
    await viewer.page.locator('h1').or(viewer.page.getByText('Only admins change this')).first().waitFor();
    const beyond = (await viewer.controls()).filter((one) => ![reads, seeks, reads_on[name]].some((each) => each?.test(one)));
    assert.deepEqual(beyond, [], name);
  }
  await viewer.end();
});

test('pages that are not there say so', async () => {
  const operator = await Operator.make(browser, platform.origin, admin);
  operator.expect_failures('404');
  for (const place of ['/no/such/page', `/i/${platform.integration_id}/events/evt_0000000000000`, '/i/12345678901234567890/events']) {
    await operator.page.goto(`${platform.origin}/console${place}`);
    await operator.page.getByRole('heading', {name: /There is no such page|Nothing is here/}).waitFor();
  }
  await operator.end();
});
