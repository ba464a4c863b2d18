// Every page of the console with real data: for eyes, keyboards and screen readers, in light and dark, wide and narrow.
import {after, before, test} from 'node:test';

import {Operator} from './operator.mjs';
import {start_browser} from './phone.mjs';
import {Platform, admin_token, choices} from './platform.mjs';

let platform;
let browser;
let event;
let endpoint;
let session;

before(async () => {
  platform = await Platform.start();
  browser = await start_browser();
  endpoint = await platform.call('POST', '/v1/endpoints', {url: 'http://127.0.0.1:1/crm', description: 'CRM (old key)', preset: 'standard', retry: {schedule_s: [0, 1]}});
  const journey = await platform.session('console-1', choices(1, 48));
  await journey.journey('POST', '/submit', {anyway: false});
  await platform.receiver.expect('console-1', ['application.complete', 'psychometric_score.complete']);
  [session] = (await platform.call('GET', '/v1/sessions?uid=console-1')).data;
  [event] = (await platform.call('GET', '/v1/events?uid=console-1')).data;
});
after(async () => {
  await browser?.close();
  await platform?.stop();
});

const pages = () => {
  const at = `/i/${platform.integration_id}`;
  return [
    ['overview', `${at}/overview`, 'Overview'],
    ['events', `${at}/events`, 'Events'],
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
    ['audit', '/audit', 'Audit'],
  ];
};

async function see_every_page(more) {
  const operator = await Operator.make(browser, platform.origin, {extraHTTPHeaders: {Authorization: `Bearer ${admin_token}`}, ...more});
  for (const [name, place, title] of pages()) {
    await operator.open(place, title);
    await operator.see(name);
  }
  await operator.end();
}

test('every page fits a wide screen', () => see_every_page({}));
test('every page fits a phone', () => see_every_page({viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true}));
test('every page fits the narrowest phone, in the dark', () => see_every_page({viewport: {width: 360, height: 740}, colorScheme: 'dark'}));

test('pages that are not there say so', async () => {
  const operator = await Operator.make(browser, platform.origin, {extraHTTPHeaders: {Authorization: `Bearer ${admin_token}`}});
  operator.expect_failures('404');
  for (const place of ['/no/such/page', `/i/${platform.integration_id}/events/evt_0000000000000`, '/i/12345678901234567890/events']) {
    await operator.page.goto(`${platform.origin}/console${place}`);
    await operator.page.getByRole('heading', {name: /There is no such page|Nothing is here/}).waitFor();
  }
  await operator.end();
});
