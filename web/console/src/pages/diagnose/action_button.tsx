import type {Shapes} from '../../api/client';
import {guarded_fetch} from '../../api/client';
import {Act} from '../../parts/act';

type Action = NonNullable<Shapes['diagnosis']['checks'][number]['action']>;

/** Where the console shows what an action asks for, if it only reads. */
export function place_of_action({method, path}: Action, integration_id: string): string | null {
  if (method !== 'GET') return null;
  const [, , room = '', id = ''] = path.split('?')[0]?.split('/') ?? [];
  const rooms: Record<string, string> = {events: 'events', deliveries: 'endpoints', endpoints: 'endpoints', sessions: 'journeys', results: 'journeys', integrations: 'setup'};
  const page = rooms[room];
  if (!page) return null;
  return `/i/${integration_id}/${page}${id && page !== 'setup' && room !== 'deliveries' ? `/${id}` : ''}`;
}

/** What mends it: the very call that the checklist names. */
export function ActionButton({action}: {action: Action}) {
  return (
    <Act mt={6} variant="light" ask={() => guarded_fetch(action.method, action.path)} touches={[['diagnosis'], ['endpoints'], ['endpoint']]} done="Done" sure={{title: `${action.label}?`, says: `${action.method} ${action.path}`}}>
      {action.label}
    </Act>
  );
}
