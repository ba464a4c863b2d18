// What can be told while somebody types. The server judges by the same rules, and a few more.
import {schedule_of, type Values} from './form_values';

const within = (low: number, high: number, what = '') => (value: number) =>
  Number.isInteger(value) && value >= low && value <= high ? null : `From ${low.toLocaleString()} to ${high.toLocaleString()}${what}`;

export function url_rule(text: string): string | null {
  try {
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Begin with https://';
    return url.hash ? 'Leave out what follows #' : null;
  } catch {
    return 'An address such as https://example.com/webhooks';
  }
}

export function types_rule(types: string[]): string | null {
  if (types.length === 0) return 'Name at least one; * takes all';
  const odd = types.find((type) => !/^(\*|[A-Za-z0-9._-]{1,128}|[A-Za-z0-9._-]{1,126}\.\*)$/.test(type));
  return odd ? `${odd} is no event type, prefix.* or *` : null;
}

function filter_rule(text: string): string | null {
  if (!text.trim()) return null;
  try {
    const filter: unknown = JSON.parse(text);
    return typeof filter === 'object' && filter !== null && !Array.isArray(filter) ? null : 'A JSON object';
  } catch (error) {
    return `Not JSON: ${error instanceof Error ? error.message : ''}`;
  }
}

const header_name = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

type Rule = (value: string) => string | null;

const needed = (type: Values['auth']['authType'], name: string, rule?: Rule) => (value: string, {auth}: Values) => {
  if (auth.authType !== type) return null;
  return value ? rule?.(value) ?? null : `${name} is needed`;
};

const header_rule: Rule = (name) => (header_name.test(name) ? null : 'Letters, digits and hyphens, such as X-Team');

const pem_rule = (what: string) => (text: string, {certificate: {use}}: Values) =>
  use && text !== '***' && !text.includes('-----BEGIN ') ? `${what} as PEM, from -----BEGIN on` : null;

// Standard Webhooks: a prefix that tells the kind of key, then base64.
const secret_rule = (prefix: string) => (text: string) =>
  text && !new RegExp(`^${prefix}[A-Za-z0-9+/_-]+={0,2}$`).test(text) ? `${prefix} and the key in base64` : null;

export const rules = {
  url: url_rule,
  event_types: types_rule,
  filter: filter_rule,
  timeout_ms: within(1000, 30_000, ' ms'),
  auth: {
    token: needed('bearer_token', 'The token'),
    username: needed('basic_auth', 'The user name'),
    password: needed('basic_auth', 'The password'),
    header: needed('api_key', 'The header’s name', header_rule),
    value: needed('api_key', 'The value'),
    token_url: needed('oauth2', 'The token URL', url_rule),
    client_id: needed('oauth2', 'The client id'),
    client_secret: needed('oauth2', 'The client secret'),
  },
  certificate: {certificate_pem: pem_rule('The certificate'), key_pem: pem_rule('The key')},
  headers: {
    name: header_rule,
    value: (text: string) => (/[\x00-\x08\x0a-\x1f\x7f]/.test(text) ? 'One line' : null),
  },
  secrets: {standard_v1: secret_rule('whsec_'), standard_v1a: secret_rule('whsk_')},
  retry: {
    schedule_s: (text: string) => {
      const steps = schedule_of(text);
      if (steps.length < 1 || steps.length > 30) return 'From 1 to 30 tries';
      return steps.every((step) => Number.isInteger(step) && step >= 0 && step <= 604_800) ? null : 'Whole seconds, each at most 604,800 (7 days)';
    },
  },
  order_wait_max_s: within(0, 2_592_000, ' s'),
  rate_limit: {
    per_second: (value: number, {rate_limit}: Values) => (rate_limit.use ? within(1, 10_000)(value) : null),
    burst: (value: number, {rate_limit}: Values) => (rate_limit.use ? within(1, 100_000)(value) : null),
  },
  in_flight_max: within(1, 256),
  health: {failures_min: within(1, 10_000), failure_percent_min: within(1, 100, ' %'), window_s: within(1, 3600, ' s'), disable_after_s: within(0, 31_536_000, ' s')},
};
