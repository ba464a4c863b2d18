// States, each by its colour and its word.
import {Badge} from '@mantine/core';

import type {Shapes} from '../api/client';
import type {DeliveryState, Endpoint, EventState, Job, Session, Certificate} from '../api/shapes';

type State = DeliveryState | EventState | Endpoint['state'] | Job['state'] | Session['state'] | Certificate['state'] | Shapes['link']['state'];

const colours: Record<State, string> = {
  pending: 'blue', retrying: 'orange', parked: 'grape', delivered: 'teal', failed: 'red', cancelled: 'gray', unrouted: 'gray', unused: 'gray',
  active: 'teal', paused: 'gray', degraded: 'orange', disabled: 'red',
  running: 'blue', done: 'teal',
  created: 'gray', consented: 'blue', in_progress: 'blue', complete: 'teal', incomplete: 'orange', expired: 'gray', scored: 'teal',
  valid: 'teal', revoked: 'red',
};

export function StateBadge({state, size = 'sm'}: {state: State; size?: 'sm' | 'md' | 'lg'}) {
  return <Badge variant="light" color={colours[state]} size={size} radius="sm" tt="none" style={{flex: 'none'}}>{state.replace('_', ' ')}</Badge>;
}

const bands = {LOW: 'teal', MEDIUM: 'yellow', HIGH: 'red'} as const;

export function BandBadge({band}: {band: keyof typeof bands}) {
  return <Badge variant="light" color={bands[band]} size="sm" radius="sm" tt="none">{band.toLowerCase()} risk</Badge>;
}

export function StatusCode({status, error}: {status: number | null | undefined; error?: string | null}) {
  if (status) {
    const colour = status === 200 ? 'teal' : status < 300 ? 'cyan' : status < 400 ? 'yellow' : 'red';
    return <Badge variant="outline" color={colour} size="sm" radius="sm" ff="monospace">{status}</Badge>;
  }
  return <Badge variant="outline" color="red" size="sm" radius="sm" tt="none">{error ? error.replace('_', ' ') : 'no answer'}</Badge>;
}
