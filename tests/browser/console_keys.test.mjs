// An API key is rotated in the console while events are being sent: nothing is refused, lost, or signed by a stranger.
import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';

import {Operator} from './operator.mjs';
import {until, wait_ms} from './platform.mjs';
import {on_stage} from './stage.mjs';

const pace_ms = 15;
const events_max = 2000;  // if the page is never through

let platform;
let browser;
let operator;
let first;
let second;

on_stage(async (made) => {
  ({platform, browser} = made);
  first = platform.api_key;
  operator = await Operator.make(browser, platform.origin, await platform.make_admin());
});

/** Sends numbered events one after the other, at a steady pace, with the key that it holds at the time. */
class Producer extends EventEmitter {
  accepted = [];  // {number, key}, as the server answered

  constructor(key) {
    super();
    this.key = key;
    this.done = this.#send();
  }

  async #send() {
    for (let number = 1; !this.is_told_to_stop && number <= events_max; ++number) {
      const {key} = this;
      await platform.call('POST', '/v1/events', {type: 'loan.step', uid: `customer-${number % 10}`, payload: {number}}, key);
      this.accepted.push({number, key});
      this.emit('change');
      await pause(pace_ms);
    }
  }

  /** Until `count` more have been accepted; a refusal ends it at once. */
  more(count) {
    const wanted = this.accepted.length + count;
    return Promise.race([until(() => this.accepted.length >= wanted, {emitter: this, what: `${count} more events`}), this.done]);
  }

  async stop() {
    this.is_told_to_stop = true;
    await this.done;
  }
}

async function rotate(overlap) {
  await operator.press('Rotate');
  await operator.page.getByRole('textbox', {name: 'Overlap'}).click();
  await operator.page.getByRole('option', {name: overlap}).click();
  await operator.see('rotate-key');
}

async function new_key() {
  await operator.confirm('Rotate');
  await operator.text('The new API key');
  return (await operator.page.getByRole('dialog').locator('code').innerText()).trim();
}

const arrived = () => platform.receiver.events.map(({number}) => number);

test('a key is rotated while events are sent with it, and each of them arrives', async () => {
  const {receiver} = platform;
  await operator.open(`/i/${platform.integration_id}/setup`, 'loans');
  const producer = new Producer(first);
  await producer.more(100);
  await rotate('7 days');
  second = await new_key();
  assert.match(second, /^ph_test_\w{20,}/);
  assert.notEqual(second, first);
  receiver.keys.push(second);
  const at_rotation = producer.accepted.length;
  await producer.more(50);
  producer.key = second;
  await producer.more(100);
  await producer.stop();
  assert.ok(producer.accepted.slice(at_rotation).some(({key}) => key === first), 'the old key goes on');
  assert.ok(producer.accepted.filter(({key}) => key === second).length >= 99, 'the new one works beside it');

  const sent = producer.accepted.map(({number}) => number);
  await until(() => arrived().length >= sent.length, {emitter: receiver.server, ms: wait_ms, what: `${sent.length} events`});
  assert.deepEqual(arrived().sort((one, other) => one - other), sent);
  assert.equal(receiver.unverified, 0);
  assert.deepEqual([...new Set(receiver.signers)], [first], 'the old key signs until the overlap ends');

  await operator.press('Done');
  await operator.text('in use');
  await operator.text('retiring');
  await operator.see('keys');
});

test('without an overlap the keys before are out at once, and the new one signs', async () => {
  const {receiver} = platform;
  await rotate('None: the old key stops at once');
  await operator.text('Every system that still uses the old key is locked out at once.');
  const third = await new_key();
  receiver.keys = [third];
  const count = receiver.events.length;
  const send = (key) => platform.call('POST', '/v1/events', {type: 'loan.step', uid: 'customer-1', payload: {number: 0}}, key);
  await assert.rejects(send(first), /401/);
  await assert.rejects(send(second), /401/);
  await send(third);
  await until(() => receiver.events.length > count, {emitter: receiver.server});
  assert.equal(receiver.signers.at(-1), third);
  assert.equal(receiver.unverified, 0);
  await operator.end();
});
