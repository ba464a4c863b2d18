// An endpoint's settings as a form holds them, and back. Secrets come masked; a mask that is sent back changes nothing.
import type {FormErrors} from '@mantine/form';

import type {Problem} from '../../api/client';
import type {EndpointPreset, EndpointSettings} from '../../api/shapes';

export type AuthType = NonNullable<EndpointSettings['auth']>['authType'];
export type Scheme = NonNullable<EndpointSettings['signatures']>[number]['scheme'];

/** What a form begins with: an endpoint, or what a preset makes of one. */
export type Settings = Omit<EndpointPreset, 'preset'>;
export type Values = ReturnType<typeof values_of>;

export function values_of(endpoint: Settings) {
  const {auth, health, rate_limit, retry} = endpoint;
  return {
    url: endpoint.url ?? '',
    description: endpoint.description,
    event_types: endpoint.event_types,
    filter: endpoint.filter ? JSON.stringify(endpoint.filter, null, 2) : '',
    success: endpoint.success,
    timeout_ms: endpoint.timeout_ms,
    auth: {
      authType: auth.authType, token: auth.token ?? '', username: auth.username ?? '', password: auth.password ?? '', header: auth.header ?? '',
      value: auth.value ?? '', token_url: auth.token_url ?? '', client_id: auth.client_id ?? '', client_secret: auth.client_secret ?? '', scope: auth.scope ?? '',
    },
    certificate: {use: endpoint.client_certificate !== null, certificate_pem: endpoint.client_certificate?.certificate_pem ?? '', key_pem: endpoint.client_certificate?.key_pem ?? ''},
    headers: Object.entries(endpoint.headers).map(([name, value]) => ({name, value})),
    signatures: endpoint.signatures.map(({scheme}) => scheme),
    secrets: {x_signature: '', standard_v1: '', standard_v1a: ''} as Record<Scheme, string>, // given by hand
    retry: {schedule_s: (retry.schedule_s ?? []).join(', '), on: retry.on ?? 'any_failure'},
    order: endpoint.order,
    order_wait_max_s: endpoint.order_wait_max_s,
    rate_limit: {use: rate_limit !== null, per_second: rate_limit?.per_second ?? 50, burst: rate_limit?.burst ?? rate_limit?.per_second ?? 50},
    in_flight_max: endpoint.in_flight_max,
    health: {
      failures_min: health.failures_min ?? 10, failure_percent_min: health.failure_percent_min ?? 50, window_s: health.window_s ?? 60,
      disable_after_s: health.disable_after_s ?? 432_000,
    },
  };
}

function auth_of({authType, ...given}: Values['auth']): EndpointSettings['auth'] {
  const {token, username, password, header, value, token_url, client_id, client_secret, scope} = given;
  switch (authType) {
    case 'none': return {authType};
    case 'bearer_token': return {authType, token};
    case 'basic_auth': return {authType, username, password};
    case 'api_key': return {authType, header, value};
    case 'oauth2': return {authType, token_url, client_id, client_secret, scope};
  }
}

export function schedule_of(text: string): number[] {
  return text.split(/[\s,]+/).filter(Boolean).map(Number);
}

/** `values` with all that presets differ in as `to` has it. */
export function filled_in(values: Values, to: Settings, presets: Settings[]): Values {
  const choices = presets.map(values_of);
  const wanted = values_of(to);
  const set_by_presets = Object.entries(wanted).filter(([name, value]) => choices.some((each) => JSON.stringify(each[name as keyof Values]) !== JSON.stringify(value)));
  return {...values, ...Object.fromEntries(set_by_presets)};
}

/** What the settings before and `values` differ in, as the API takes it. */
export function changes_of(values: Values, before: Settings): EndpointSettings {
  const first = values_of(before);
  const differs = (name: keyof Values) => JSON.stringify(values[name]) !== JSON.stringify(first[name]);
  const {certificate, rate_limit, retry, secrets} = values;
  const all: Required<EndpointSettings> = {
    url: values.url,
    description: values.description,
    event_types: values.event_types,
    filter: values.filter.trim() ? (JSON.parse(values.filter) as EndpointSettings['filter'] & object) : null,
    success: values.success,
    timeout_ms: values.timeout_ms,
    auth: auth_of(values.auth) ?? {authType: 'none'},
    client_certificate: certificate.use ? {certificate_pem: certificate.certificate_pem, key_pem: certificate.key_pem} : null,
    headers: Object.fromEntries(values.headers.map(({name, value}) => [name, value])),
    signatures: values.signatures.map((scheme) => (secrets[scheme] ? {scheme, secret: secrets[scheme]} : before.signatures.find((each) => each.scheme === scheme) ?? {scheme})),
    retry: {schedule_s: schedule_of(retry.schedule_s), on: retry.on},
    order: values.order,
    order_wait_max_s: values.order_wait_max_s,
    rate_limit: rate_limit.use ? {per_second: rate_limit.per_second, burst: rate_limit.burst} : null,
    in_flight_max: values.in_flight_max,
    health: values.health,
  };
  const from: Partial<Record<keyof Values, keyof EndpointSettings>> = {certificate: 'client_certificate', secrets: 'signatures'};
  const changed = (Object.keys(values) as (keyof Values)[]).filter(differs).map((name) => from[name] ?? (name as keyof EndpointSettings));
  return Object.fromEntries(changed.map((name) => [name, all[name]]));
}

/** The server's findings, each at the field that it names. */
export function errors_of({errors}: Problem): FormErrors {
  const at = (pointer: string) => {
    if (pointer.startsWith('/filter')) return 'filter';
    if (pointer.startsWith('/event_types')) return 'event_types';
    if (pointer.startsWith('/retry/schedule_s')) return 'retry.schedule_s';
    if (pointer.startsWith('/headers')) return 'headers';
    if (pointer.startsWith('/signatures')) return 'signatures';
    return pointer.slice(1).replace(/\//g, '.').replace(/^client_certificate/, 'certificate');
  };
  return Object.fromEntries(errors.map(({pointer, detail}) => [at(pointer), pointer.startsWith('/headers/') ? `${pointer.slice(9)} ${detail}` : detail]));
}
