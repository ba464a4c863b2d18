import {Anchor, Group, Paper, SimpleGrid, Stack, Text, Title} from '@mantine/core';
import {CheckCircle2, RadioTower} from 'lucide-react';
import {Link} from 'react-router-dom';

import {api, body} from '../../api/client';
import {endpoint_name, useEndpointNames, useEndpoints} from '../../api/endpoints';
import {usePages} from '../../api/pages';
import type {Endpoint, Event} from '../../api/shapes';
import {StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Asked, Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {Arrivals} from '../events/arrivals';

function Attention({endpoints, base}: {endpoints: Endpoint[]; base: string}) {
  const troubled = endpoints.filter(({state}) => state !== 'active');
  if (endpoints.length === 0) return <Paper><Empty icon={RadioTower} title="No endpoint yet">Nothing can be delivered until there is one.</Empty></Paper>;
  if (troubled.length === 0) {
    return <Paper p="md"><Group gap="sm"><CheckCircle2 size={20} color="var(--mantine-color-teal-6)" /><Text size="sm">All {endpoints.length} endpoints deliver.</Text></Group></Paper>;
  }
  return (
    <SimpleGrid cols={{base: 1, md: 2}}>
      {troubled.map((each) => (
        <Paper key={each.id} p="md">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Anchor component={Link} to={`${base}/endpoints/${each.id}`} fw={600}>{endpoint_name(each)}</Anchor>
            <StateBadge state={each.state} />
          </Group>
          <Text size="sm" c="dimmed" mt={4}>{each.state_reason ?? 'Paused by a person.'}</Text>
          {each.condition.failing_since && <Text size="xs" c="dimmed" mt={4}>Failing since <When at={each.condition.failing_since} /></Text>}
        </Paper>
      ))}
    </SimpleGrid>
  );
}

export default function Overview() {
  const {integration_id, deployment} = usePlace();
  const endpoints = useEndpoints(integration_id);
  const name_of = useEndpointNames(integration_id);
  const base = `/i/${integration_id}`;
  const failed = usePages(['events', integration_id, 'failed'], (cursor) =>
    body(api.GET('/v1/events', {params: {query: {integration_id, state: 'failed', limit: 8, cursor}}})), {refresh_ms: 10_000});
  const columns: Column<Event>[] = [
    {title: 'Type', wide: true, cell: (row) => row.type},
    {title: 'Deliveries', cell: (row) => <Arrivals deliveries={row.deliveries} name_of={name_of} />},
    {title: 'uid', cell: (row) => <Text span size="sm" ff="monospace" fz={13}>{row.uid ?? '–'}</Text>},
    {title: 'Accepted', right: true, cell: (row) => <When at={row.accepted_at} />},
  ];
  return (
    <>
      <Heading title="Overview" says={deployment.name} />
      <Stack gap="lg">
        <section aria-label="Endpoints that need attention">
          <Title order={2} mb="xs">Endpoints that need attention</Title>
          <Asked query={endpoints} lines={2}>{({data}) => <Attention endpoints={data} base={base} />}</Asked>
        </section>
        <section aria-label="Events that failed">
          <Title order={2} mb="xs">Events that failed</Title>
          <PagedTable
            label="Events that failed" pages={failed} columns={columns} row_key={(row) => row.id} to={(row) => `${base}/events/${row.id}`}
            empty={<Empty icon={CheckCircle2} title="None has failed">What uses up its tries shows here.</Empty>}
          />
        </section>
      </Stack>
    </>
  );
}
