import {duration} from '../../parts/duration';
import {schedule_of, type Values} from './form_values';

const schemes: Record<Values['signatures'][number], string> = {x_signature: 'X-Signature', standard_v1: 'Standard Webhooks v1', standard_v1a: 'Standard Webhooks v1a'};

/** What matters most of an endpoint's settings, as one line. */
export function in_short({success, timeout_ms, auth, signatures, retry, order, rate_limit}: Values): string {
  const steps = schedule_of(retry.schedule_s);
  return [
    `${success === '200' ? 'Only 200' : 'Any 2xx'} within ${Number(timeout_ms) / 1000} s is a success`,
    signatures.length > 0 ? `signed by ${signatures.map((scheme) => schemes[scheme]).join(' and ')}` : 'not signed',
    ...(auth.authType === 'none' ? [] : [auth.authType.replace('_', ' ')]),
    `${steps.length} tries over ${duration(steps.every(Number.isFinite) ? steps.reduce((all, step) => all + step, 0) : 0)}`,
    retry.on === 'status' ? 'only of what may pass' : 'after any failure',
    order === 'uid' ? 'in order by uid' : 'in any order',
    ...(rate_limit.use ? [`${rate_limit.per_second} a second`] : []),
  ].join(', ');
}
