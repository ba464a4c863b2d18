// The journey's calls. A call either answers, or fails in one of two ways: the server has refused (Refusal: what to do
// is a matter of its status), or nobody has answered who could (Unreachable: the same call may be made again).

const address = new URL('../v1/journey', import.meta.url).href;
const patience_ms = 20000;

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || `refused with ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

export class Unreachable extends Error {}

const is_passing = (status) => status >= 500 || status === 429 || status === 408;

async function ask(headers, method, path, body, keepalive = false) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience_ms);
  try {
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const answer = await fetch(address + path, {
      method, headers, keepalive, body: body === undefined ? undefined : JSON.stringify(body),
      signal: stop.signal, cache: 'no-store', credentials: 'omit', redirect: 'error',
    });
    if (is_passing(answer.status)) throw new Unreachable(`the server says ${answer.status}`);
    if (answer.ok) return await answer.json();
    throw new Refusal(answer.status, await answer.json().catch(() => ({})));
  } catch (fault) {
    throw fault instanceof Refusal ? fault : new Unreachable(fault.message);
  } finally {
    clearTimeout(timer);
  }
}

/** (method, path, body, keepalive) → what the server answers, for the session of this token. */
export function caller(token) {
  return (method, path = '', body = undefined, keepalive = false) =>
    ask({Authorization: `Bearer ${token}`}, method, path, body, keepalive);
}

/** The token of the session that a link leads to. */
export async function open_link(token) {
  return (await ask({}, 'POST', '/link', {token})).access_token;
}

const wait_first_ms = 1000;
const wait_max_ms = 30000;

/** How long to wait before try `number` (from 1): doubling, with up to a quarter more so that many do not come at once. */
export function wait_before(number) {
  const wait = Math.min(wait_first_ms * 2 ** (number - 1), wait_max_ms);
  return wait * (1 + Math.random() / 4);
}

/** Resolves after `ms`, or as soon as the line is back. */
export function pause(ms) {
  return new Promise((go_on) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      go_on();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
  });
}
