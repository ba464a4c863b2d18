// The real server with one assessment deployment, and a receiver that verifies what it is sent.
import {execFileSync, spawn} from 'node:child_process';
import {createHmac, timingSafeEqual} from 'node:crypto';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import http from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

export const admin_token = 'ph_admin_for_tests_0123456789abcdef';
export const wait_ms = 30000;

/** Until `look` returns something true: asked again whenever `emitter` says `name`, at most `ms`. */
export async function until(look, {emitter, name = 'change', ms = wait_ms, what = look.toString()}) {
  const stop = AbortSignal.timeout(ms);
  for (let found = look(); ; found = look()) {
    if (found) return found;
    await once(emitter, name, {signal: stop}).catch(() => { throw new Error(`waited ${ms} ms in vain for ${what}`); });
  }
}

class Receiver {
  constructor() {
    this.events = [];  // verified, in the order of their arrival
    this.unverified = 0;
    this.visits = [];  // of people: {path, referer}
    this.keys = [];    // that may sign
    this.signers = []; // the key of each event
    this.last_headers = {};
    this.server = http.createServer((request, answer) => {
      if (request.method === 'GET') {
        this.visits.push({path: request.url, referer: request.headers.referer});
        answer.setHeader('Content-Type', 'text/html');
        return answer.end('<!doctype html><title>At the customer\'s</title><link rel=icon href=data:,>');
      }
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => this.#take(Buffer.concat(parts), request, answer));
    });
  }

  async start() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
  }

  #take(body, request, answer) {
    this.last_headers = request.headers;
    const given = Buffer.from(request.headers['x-signature'] || '');
    const signer = this.keys.find((key) => {
      const wanted = Buffer.from(createHmac('sha512', key).update(body).digest('hex'));
      return wanted.length === given.length && timingSafeEqual(wanted, given);
    });
    if (signer) this.signers[this.events.push(JSON.parse(body)) - 1] = signer;
    else this.unverified += 1;
    answer.writeHead(signer ? 200 : 403).end('{}');
    this.server.emit('change');
  }

  /** Of the last request. */
  header_values(...names) { return names.map((name) => this.last_headers[name]); }

  of(uid) { return this.events.filter((event) => event.uid === uid).map(({event}) => event); }

  /** The events of `uid` once the last of `types` is there; they are exactly these, in this order. */
  async expect(uid, types, ms = wait_ms) {
    const have = () => this.of(uid).map(({type}) => type);
    await until(() => have().length >= types.length, {emitter: this.server, ms, what: `${types} of ${uid}, not ${have()}`});
    if (JSON.stringify(have()) !== JSON.stringify(types)) throw new Error(`${uid} had ${have()} instead of ${types}`);
    if (this.unverified > 0) throw new Error(`${this.unverified} webhooks had no good signature`);
    return this.of(uid);
  }
}

export class Platform {
  /** `flags` are more of `posthorn serve`. */
  static async start(flags = []) {
    const made = new Platform();
    await made.#start_server(flags);
    const whole = await made.call('POST', '/v1/deployments', {name: 'loans', preset: 'assessment'}, admin_token);
    Object.assign(made, whole.environments.test);
    made.receiver = new Receiver();
    made.receiver.keys = [made.api_key];
    await made.receiver.start();
    await made.call('POST', '/v1/endpoints', {url: `${made.receiver.url}hook`});
    await made.set({branding: {name: 'Acme Loans', logo_url: null, colour: '#1b5e9a'},
      privacy_policy_url: 'https://acme.example/privacy'});
    return made;
  }

  async #start_server(flags) {
    this.data = await mkdtemp(join(tmpdir(), 'posthorn-browser-'));
    this.process = spawn(process.env.POSTHORN_PROGRAM, ['serve', '--data', this.data, '--listen', '127.0.0.1:0',
      '--ops-listen', 'none', '--allow-http-endpoints', '--allow-private-endpoints', ...flags],
    {env: {...process.env, POSTHORN_ADMIN_TOKEN: admin_token}, stdio: ['ignore', 'pipe', 'ignore']});
    this.exited = once(this.process, 'exit');
    for await (const line of createInterface({input: this.process.stdout})) {
      this.origin ??= /serves the API on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      this.setup_url ??= /(http:\S+\/console\/setup#\S+)/.exec(line)?.[1];
      if (line.startsWith('Data in ')) break;
    }
    if (!this.origin) throw new Error('the server does not start');
    this.process.stdout.resume();
  }

  /** Calls the API; throws where it refuses. */
  async call(method, path, body, token = this.api_key) {
    const headers = {Authorization: `Bearer ${token}`};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const answer = await fetch(this.origin + path, {method, headers, body: body && JSON.stringify(body)});
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
    return said;
  }

  /** Makes the first admin, by the link of the first start; its cookie, for a browser that is logged in. */
  make_admin(name = 'Anna Berg', email = 'anna@acme.example', password = 'correct horse battery') {
    return this.#enter('setup', {token: this.setup_url.split('#')[1], name, email, password});
  }

  /** Makes a viewer, by an invitation that no mail server takes; its cookie. */
  async make_viewer(name = 'Ben Okafor', email = 'ben@acme.example', password = 'correct horse battery') {
    const {link} = await this.call('POST', '/v1/invitations', {email, role: 'viewer'}, admin_token);
    return this.#enter('accept', {token: link.split('#')[1], name, password});
  }

  async #enter(way, said) {
    const answer = await fetch(`${this.origin}/v1/auth/${way}`, {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Posthorn-Console': '1'},
      body: JSON.stringify(said)});
    if (!answer.ok) throw new Error(`no member by ${way}: ${answer.status} ${await answer.text()}`);
    const [, value] = /posthorn_session=([^;]*)/.exec(answer.headers.get('set-cookie'));
    return {name: 'posthorn_session', value, url: this.origin, httpOnly: true, sameSite: 'Strict'};
  }

  /** Time is moved in the store, not waited for; under the running server. Throws unless `sql` changes something. */
  change_store(sql) {
    const changed = execFileSync('/usr/bin/sqlite3', ['-cmd', '.timeout 10000', join(this.data, 'posthorn.db'), `${sql}; SELECT changes()`]);
    if (Number(changed) < 1) throw new Error(`nothing was changed by ${sql}`);
  }

  /** Assessment settings of the environment. */
  set(assessment) { return this.call('PATCH', `/v1/integrations/${this.integration_id}`, {assessment}); }

  /** A session of `uid`, as far on as `choices` of its items go: {url, token, journey(method, path, body)}. */
  async session(uid, choices = null) {
    const {access_token: token, url} = await this.call('POST', '/v1/sessions-management/tokens',
      {uid, integration_id: this.integration_id});
    const journey = (method, path = '', body = undefined) => this.call(method, `/v1/journey${path}`, body, token);
    if (choices) {
      await journey('POST', '/consent', {accepted: true});
      const answers = Object.entries(choices).map(([item, choice]) => ({item, choice, time_ms: 2500}));
      await journey('POST', '/answers', {answers});
    }
    return {uid, url, token, journey};
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
    this.receiver.server.closeAllConnections();
    this.receiver.server.close();
    await rm(this.data, {recursive: true});
  }
}

/** Choices for items `from` to `to` of the default questionnaire. */
export function choices(from, to) {
  const keys = Array.from({length: to - from + 1}, (_, at) => `q${String(from + at).padStart(2, '0')}`);
  return Object.fromEntries(keys.map((key, at) => [key, 1 + ((at * 7) % 5)]));
}
