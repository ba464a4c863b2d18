import {Button, Group, Paper, Select, SimpleGrid, Switch, Text} from '@mantine/core';
import {Inbox, Radio, Search} from 'lucide-react';
import {useState} from 'react';
import {Link, useSearchParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {useEndpointNames, useEndpoints, endpoint_name} from '../../api/endpoints';
import {usePages} from '../../api/pages';
import type {Event, EventState} from '../../api/shapes';
import {StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {TextFilter} from '../../parts/text_filter';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {Arrivals} from './arrivals';

const states: EventState[] = ['pending', 'delivered', 'failed', 'unrouted'];
const ranges = [['3600', 'Last hour'], ['86400', 'Last 24 hours'], ['604800', 'Last 7 days']] as const;
const live_ms = 3000;

/** The filter stands in the address, so that it can be sent to somebody. */
function useFilter() {
  const [params, set_params] = useSearchParams();
  const set = (name: string, value: string | null) => set_params((before) => {
    const after = new URLSearchParams(before);
    if (value) after.set(name, value); else after.delete(name);
    return after;
  }, {replace: true});
  return {params, set, clear: () => set_params({}, {replace: true})};
}

export default function EventList() {
  const {integration_id} = usePlace();
  const {params, set, clear} = useFilter();
  const [is_live, set_live] = useState(true);
  const endpoints = useEndpoints(integration_id);
  const name_of = useEndpointNames(integration_id);
  const filter = {
    uid: params.get('uid') || undefined,
    type: params.get('type') || undefined,
    state: states.find((each) => each === params.get('state')),
    endpoint_id: params.get('endpoint_id') || undefined,
  };
  const range_s = Number(params.get('range')) || 0;
  const pages = usePages(['events', integration_id, filter, range_s], (cursor) => {
    const since = range_s > 0 ? String(Math.floor(Date.now() / 1000) - range_s) : undefined;
    return body(api.GET('/v1/events', {params: {query: {integration_id, ...filter, since, limit: 25, cursor}}}));
  }, {refresh_ms: is_live ? live_ms : undefined});
  const is_filtered = params.size > 0;

  const columns: Column<Event>[] = [
    {title: 'Type', wide: true, cell: (row) => row.type},
    {title: 'State', cell: (row) => <StateBadge state={row.state} />},
    {title: 'Deliveries', cell: (row) => <Arrivals deliveries={row.deliveries} name_of={name_of} />},
    {title: 'uid', cell: (row) => <Text span size="sm" c={row.uid ? undefined : 'dimmed'} ff="monospace" fz={13}>{row.uid ?? '–'}</Text>},
    {title: 'Accepted', right: true, cell: (row) => <When at={row.accepted_at} />},
  ];
  return (
    <>
      <Heading title="Events" says="Everything that was handed in, and what became of it.">
        <Button component={Link} to="live" variant="default" size="xs" leftSection={<Radio size={14} />}>Live</Button>
        <Switch label="Refresh" checked={is_live} onChange={(event) => set_live(event.currentTarget.checked)} />
      </Heading>
      <Paper p="sm" mb="md">
        <SimpleGrid cols={{base: 1, xs: 2, md: 5}} spacing="sm">
          <TextFilter label="uid" placeholder="exact" value={filter.uid ?? ''} change={(value) => set('uid', value)} />
          <TextFilter label="Type" placeholder="order.paid" value={filter.type ?? ''} change={(value) => set('type', value)} />
          <Select label="State" placeholder="Any" size="sm" clearable data={states} value={filter.state ?? null} onChange={(value) => set('state', value)} />
          <Select label="Endpoint" placeholder="Any" size="sm" clearable data={endpoints.data?.data.map((each) => ({value: each.id, label: endpoint_name(each)})) ?? []} value={filter.endpoint_id ?? null} onChange={(value) => set('endpoint_id', value)} />
          <Select label="Time" placeholder="Any" size="sm" clearable data={ranges.map(([value, label]) => ({value, label}))} value={params.get('range')} onChange={(value) => set('range', value)} />
        </SimpleGrid>
        {is_filtered && <Group mt="xs"><Button size="compact-xs" variant="subtle" onClick={clear}>Clear the filter</Button></Group>}
      </Paper>
      <PagedTable
        label="Events" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `/i/${integration_id}/events/${row.id}`}
        empty={is_filtered
          ? <Empty icon={Search} title="Nothing matches" action={<Button size="xs" variant="default" onClick={clear}>Clear the filter</Button>}>No event of this environment passes the filter.</Empty>
          : <Empty icon={Inbox} title="No event yet">Send one with POST /v1/events and this environment’s API key; it shows here at once.</Empty>}
      />
    </>
  );
}
