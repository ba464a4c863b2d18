import {Button, Group, Paper, Select, SimpleGrid, TextInput} from '@mantine/core';
import {useSearchParams} from 'react-router-dom';

import {endpoint_name, useEndpoints} from '../../api/endpoints';
import type {EventState} from '../../api/shapes';
import {TextFilter} from '../../parts/text_filter';

const states: EventState[] = ['pending', 'delivered', 'failed', 'unrouted'];
const own_range = 'own';
const ranges = [['3600', 'Last hour'], ['86400', 'Last 24 hours'], ['604800', 'Last 7 days'], [own_range, 'From … to …']] as const;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What events are looked for. It stands in the address, in times that mean the same to whom it is sent. */
export function useEventFilter() {
  const [params, set_params] = useSearchParams();
  const set = (changes: Record<string, string | null>) => set_params((before) => {
    const after = new URLSearchParams(before);
    for (const [name, value] of Object.entries(changes)) if (value) after.set(name, value); else after.delete(name);
    return after;
  }, {replace: true});
  const range = params.get('range');
  const is_own = range === own_range;
  return {
    uid: params.get('uid') || undefined,
    type: params.get('type') || undefined,
    state: states.find((each) => each === params.get('state')),
    endpoint_id: params.get('endpoint_id') || undefined,
    range,
    from: (is_own && params.get('from')) || undefined,
    to: (is_own && params.get('to')) || undefined,
    is_set: params.size > 0,
    set,
    clear: () => set_params({}, {replace: true}),
  };
}

export type EventFilter = ReturnType<typeof useEventFilter>;

/** From and to, in epoch seconds, as of now. */
export function times_of({range, from, to}: EventFilter): {since?: string; until?: string} {
  const last_s = Number(range) || 0;
  return last_s > 0 ? {since: String(Math.floor(Date.now() / 1000) - last_s)} : {since: from, until: to};
}

/** Epoch seconds as an input of the viewer's own time writes them, and back. */
function written(seconds: string | undefined): string {
  if (!seconds) return '';
  const at = new Date(Number(seconds) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function read(text: string): string | null {
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? String(at / 1000) : null;
}

export function EventFilterBar({filter, integration_id}: {filter: EventFilter; integration_id: string}) {
  const endpoints = useEndpoints(integration_id);
  const moment = (name: 'from' | 'to', label: string) => (
    <TextInput type="datetime-local" label={label} description={zone} value={written(filter[name])} onChange={(event) => filter.set({[name]: read(event.currentTarget.value)})} />
  );
  return (
    <Paper p="sm" mb="md">
      <SimpleGrid cols={{base: 2, md: 5}} spacing="sm">
        <TextFilter label="uid" placeholder="exact" value={filter.uid ?? ''} change={(uid) => filter.set({uid})} />
        <TextFilter label="Type" placeholder="order.paid" value={filter.type ?? ''} change={(type) => filter.set({type})} />
        <Select label="State" placeholder="Any" size="sm" clearable data={states} value={filter.state ?? null} onChange={(state) => filter.set({state})} />
        <Select label="Endpoint" placeholder="Any" size="sm" clearable data={endpoints.data?.data.map((each) => ({value: each.id, label: endpoint_name(each)})) ?? []} value={filter.endpoint_id ?? null} onChange={(endpoint_id) => filter.set({endpoint_id})} />
        <Select label="Time" placeholder="Any" size="sm" clearable data={ranges.map(([value, label]) => ({value, label}))} value={filter.range} onChange={(range) => filter.set({range, from: null, to: null})} />
      </SimpleGrid>
      {filter.range === own_range && <SimpleGrid cols={{base: 1, xs: 2, md: 5}} spacing="sm" mt="sm">{moment('from', 'From')}{moment('to', 'Until')}</SimpleGrid>}
      {filter.is_set && <Group mt="xs"><Button size="compact-xs" variant="subtle" onClick={filter.clear}>Clear the filter</Button></Group>}
    </Paper>
  );
}
