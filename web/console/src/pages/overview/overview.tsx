import {Anchor, Button, Group, Paper, SimpleGrid, Stack, Text, Title} from '@mantine/core';
import {CheckCircle2, Plus, RadioTower} from 'lucide-react';
import {useState} from 'react';
import {Link} from 'react-router-dom';

import {api, body} from '../../api/client';
import {endpoint_name, needs_attention, useEndpointNames, useEndpoints, worst_first} from '../../api/endpoints';
import {event_time_after} from '../../api/events';
import {usePages} from '../../api/pages';
import type {Endpoint, Event} from '../../api/shapes';
import {useStats, type Range, type Stats} from '../../api/stats';
import {AdminOnly} from '../../parts/admin_only';
import {StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Asked, Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {RangeChoice, TrafficCharts} from '../../parts/traffic';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {Arrivals} from '../events/arrivals';
import {Numbers} from './numbers';

const shown_max = 6;

function Attention({endpoints, stats, base}: {endpoints: Endpoint[]; stats: Stats | undefined; base: string}) {
  const counts = new Map(stats?.endpoints.map((each) => [each.id, each]));
  const owed = ({id}: Endpoint) => {
    const count = counts.get(id);
    return count && `${count.parked.toLocaleString()} parked, ${count.waiting.toLocaleString()} waiting, ${count.failed.toLocaleString()} failed`;
  };
  const troubled = worst_first(endpoints.filter(needs_attention));
  if (endpoints.length === 0) {
    const make = <AdminOnly><Button component={Link} to={`${base}/endpoints/new`} leftSection={<Plus size={16} />}>New endpoint</Button></AdminOnly>;
    return <Paper><Empty icon={RadioTower} title="No endpoint yet" action={make}>Nothing can be delivered until there is one.</Empty></Paper>;
  }
  if (troubled.length === 0) {
    return <Paper p="md"><Group gap="sm"><CheckCircle2 size={20} color="var(--mantine-color-teal-6)" aria-hidden /><Text size="sm">{endpoints.length === 1 ? 'The one endpoint delivers.' : `All ${endpoints.length} endpoints deliver.`}</Text></Group></Paper>;
  }
  return (
    <SimpleGrid cols={{base: 1, md: 2}}>
      {troubled.slice(0, shown_max).map((each) => (
        <Paper key={each.id} p="md">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Anchor component={Link} to={`${base}/endpoints/${each.id}`} fw={600}>{endpoint_name(each)}</Anchor>
            <StateBadge state={each.state} />
          </Group>
          <Text size="sm" c="dimmed" mt={4}>{each.state_reason ?? (each.state === 'active' ? 'Its last attempts failed.' : 'Paused by a person.')}</Text>
          {each.condition.failing_since && <Text size="xs" c="dimmed" mt={4}>Failing since <When at={each.condition.failing_since} /></Text>}
          {owed(each) && <Text size="xs" c="dimmed" mt={4}>{owed(each)}</Text>}
        </Paper>
      ))}
      {troubled.length > shown_max && <Anchor component={Link} to={`${base}/endpoints`} size="sm">{troubled.length - shown_max} more</Anchor>}
    </SimpleGrid>
  );
}

function Failed({base, integration_id}: {base: string; integration_id: string}) {
  const name_of = useEndpointNames(integration_id);
  const pages = usePages(['events', integration_id, 'failed'], (read) =>
    body(api.GET('/v1/events', {params: {query: {integration_id, state: 'failed', ...read}}})), {limit: 8, refresh_ms: 10_000, time_after: (read) => event_time_after(integration_id, read)});
  const columns: Column<Event>[] = [
    {title: 'Type', wide: true, cell: (row) => row.type},
    {title: 'Deliveries', cell: (row) => <Arrivals deliveries={row.deliveries} name_of={name_of} />},
    {title: 'uid', cell: (row) => <Text span size="sm" ff="monospace" fz={13}>{row.uid ?? '–'}</Text>},
    {title: 'Accepted', right: true, cell: (row) => <When at={row.accepted_at} />},
  ];
  return (
    <PagedTable
      label="Events that failed" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `${base}/events/${row.id}`}
      empty={<Empty icon={CheckCircle2} title="None has failed">What uses up its tries shows here.</Empty>}
    />
  );
}

export default function Overview() {
  const {integration_id, deployment} = usePlace();
  const [range, set_range] = useState<Range>('24h');
  const endpoints = useEndpoints(integration_id);
  const stats = useStats(integration_id, range);
  const base = `/i/${integration_id}`;
  return (
    <>
      <Heading title="Overview" says={deployment.name}><RangeChoice range={range} choose={set_range} /></Heading>
      <Stack gap="lg">
        <Asked query={stats} lines={3}>{(found) => <Numbers stats={found} />}</Asked>
        <section aria-label="Endpoints that need attention">
          <Title order={2} mb="xs">Endpoints that need attention</Title>
          <Asked query={endpoints} lines={2}>{({data}) => <Attention endpoints={data} stats={stats.data} base={base} />}</Asked>
        </section>
        {stats.data && <section aria-label="Traffic"><Title order={2} mb="xs">Traffic</Title><TrafficCharts stats={stats.data} /></section>}
        <section aria-label="Events that failed">
          <Title order={2} mb="xs">Events that failed</Title>
          <Failed base={base} integration_id={integration_id} />
        </section>
      </Stack>
    </>
  );
}
