import {Select, Group, Text, Title} from '@mantine/core';
import {Inbox} from 'lucide-react';
import {useState} from 'react';

import {api, body} from '../../api/client';
import {usePages} from '../../api/pages';
import type {Delivery, DeliveryState, Endpoint} from '../../api/shapes';
import {StateBadge, StatusCode} from '../../parts/badges';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {Told, When} from '../../parts/when';

const states: DeliveryState[] = ['pending', 'retrying', 'parked', 'delivered', 'failed', 'cancelled'];

const columns: Column<Delivery>[] = [
  {title: 'Delivery', wide: true, cell: (row) => row.id},
  {title: 'State', cell: (row) => <StateBadge state={row.state} />},
  {title: 'Last answer', cell: (row) => (row.attempt_count > 0 ? <StatusCode status={row.last_status} error={row.last_error} /> : <Text span size="sm" c="dimmed">not tried yet</Text>)},
  {title: 'Attempts', right: true, cell: (row) => row.attempt_count},
  {title: 'Waits for', optional: true, cell: (row) => <Text span size="sm" c="dimmed">{row.waits_for ? <Told sentence={row.waits_for} /> : '–'}</Text>},
  {title: 'Ended', right: true, cell: (row) => <When at={row.finished_at} />},
];

export function RecentDeliveries({endpoint: {id, integration_id}}: {endpoint: Endpoint}) {
  const [state, set_state] = useState<DeliveryState | null>(null);
  const pages = usePages(['deliveries', id, state], (read) =>
    body(api.GET('/v1/deliveries', {params: {query: {integration_id, endpoint_id: id, state: state ?? undefined, ...read}}})), {
    limit: 10,
    refresh_ms: 5000,
    time_after: async (read) => (await body(api.GET('/v1/deliveries', {params: {query: {integration_id, endpoint_id: id, ...read}}}))).data[0]?.finished_at ?? null,
  });
  return (
    <section aria-label="Deliveries">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Deliveries</Title>
        <Select aria-label="State" placeholder="Any state" size="xs" w={150} clearable data={states} value={state} onChange={(value) => set_state(states.find((each) => each === value) ?? null)} />
      </Group>
      <PagedTable
        label="Deliveries" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `/i/${integration_id}/events/${row.event_id}`}
        empty={<Empty icon={Inbox} title={state ? `None is ${state}` : 'Nothing was owed to it yet'} />}
      />
    </section>
  );
}
