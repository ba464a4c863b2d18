import {Button, Switch, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Inbox, Radio, RotateCcw, Search} from 'lucide-react';
import {useState} from 'react';
import {Link} from 'react-router-dom';

import {api, body} from '../../api/client';
import {useEndpointNames} from '../../api/endpoints';
import {event_time_after} from '../../api/events';
import {usePages} from '../../api/pages';
import type {Event} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {NewReplay} from '../replays/new_replay';
import {Arrivals} from './arrivals';
import {EventFilterBar, times_of, useEventFilter} from './event_filter';

const live_ms = 3000;

export default function EventList() {
  const {integration_id} = usePlace();
  const filter = useEventFilter();
  const [is_live, set_live] = useState(true);
  const [is_replaying, {open, close}] = useDisclosure();
  const name_of = useEndpointNames(integration_id);
  const {uid, type, state, endpoint_id, range, from, to} = filter;
  const pages = usePages(['events', integration_id, {uid, type, state, endpoint_id, range, from, to}],
    (read) => body(api.GET('/v1/events', {params: {query: {integration_id, uid, type, state, endpoint_id, ...times_of(filter), ...read}}})),
    {limit: 25, refresh_ms: is_live ? live_ms : undefined, time_after: (read) => event_time_after(integration_id, read)});

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
        {!uid && <AdminOnly><Button variant="default" size="xs" leftSection={<RotateCcw size={14} />} onClick={open}>Send many again</Button></AdminOnly>}
        <Switch label="Refresh" checked={is_live} onChange={(event) => set_live(event.currentTarget.checked)} />
      </Heading>
      <EventFilterBar filter={filter} integration_id={integration_id} />
      <PagedTable
        label="Events" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `/i/${integration_id}/events/${row.id}`}
        empty={filter.is_set
          ? <Empty icon={Search} title="Nothing matches" action={<Button size="xs" variant="default" onClick={filter.clear}>Clear the filter</Button>}>No event of this environment passes the filter.</Empty>
          : <Empty icon={Inbox} title="No event yet">Send one with POST /v1/events and this environment’s API key; it shows here at once.</Empty>}
      />
      {is_replaying && <NewReplay close={close} like={{state, endpoint_id, type, range, from, to}} />}
    </>
  );
}
