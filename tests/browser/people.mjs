// People who take the assessment, each in their own way, and what their traffic looks like over a day.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as pause} from 'node:timers/promises';

export async function simulate(platform, users, prefix = 'person') {
  const people = spawn(process.env.POSTHORN_PROGRAM, ['simulate', '--users', String(users), '--integration-id', platform.integration_id,
    '--url', platform.origin, '--seed', String(users), '--uid-prefix', prefix], {stdio: 'ignore'});
  await once(people, 'exit');
}

const hours_ago = [20, 18, 16, 14, 12, 10, 8, 6, 4, 2];

/** For pictures: the counts of what some people brought about are moved back to an earlier hour, and so on. */
export async function live_a_day(platform) {
  for (const [round, hours] of hours_ago.entries()) {
    const before = await delivered(platform);
    await simulate(platform, 2 + ((round * 5) % 9), `person-${round + 1}`);
    while (await delivered(platform) === before) await pause(500);
    platform.change_store(`UPDATE traffic SET start = start - ${hours} * 3600 WHERE start > unixepoch() - step_s - 900`);
  }
}

// The counts follow by some seconds.
async function delivered(platform) {
  return (await platform.call('GET', '/v1/stats')).total.delivered;
}
