import {Badge, Button, Group, Paper, Text} from '@mantine/core';
import {Pause, Play, RadioTower} from 'lucide-react';
import {useEffect, useState} from 'react';

import type {Shapes} from '../../api/client';
import {useEndpointNames} from '../../api/endpoints';
import {StatusCode} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {Table, type Column} from '../../parts/table';
import {latency} from '../../parts/traffic';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';

type Seen = Shapes['seen_attempt'];

const shown_max = 100;
// A flood is drawn in steps that an eye can follow, not row by row.
const step_ms = 200;

/** The attempts of an integration as they end, newest first; the browser itself connects again when the line breaks. */
function useStream(integration_id: string, is_on: boolean) {
  const [rows, set_rows] = useState<Seen[]>([]);
  const [is_connected, set_connected] = useState(false);
  useEffect(() => set_rows([]), [integration_id]);
  useEffect(() => {
    if (!is_on) return undefined;
    const source = new EventSource(`/v1/stream?integration_id=${integration_id}`);
    let arrived: Seen[] = [];
    source.onopen = () => set_connected(true);
    source.onerror = () => set_connected(false);
    source.addEventListener('attempt', (message: MessageEvent<string>) => arrived.unshift(JSON.parse(message.data) as Seen));
    const drawing = window.setInterval(() => {
      if (arrived.length === 0) return;
      const fresh = arrived;
      arrived = [];
      set_rows((before) => [...fresh, ...before].slice(0, shown_max));
    }, step_ms);
    return () => { source.close(); window.clearInterval(drawing); set_connected(false); };
  }, [integration_id, is_on]);
  return {rows, is_connected};
}

export default function LiveTail() {
  const {integration_id} = usePlace();
  const name_of = useEndpointNames(integration_id);
  const [is_on, set_on] = useState(true);
  const {rows, is_connected} = useStream(integration_id, is_on);
  const columns: Column<Seen>[] = [
    {title: 'Type', wide: true, cell: (row) => row.type},
    {title: 'Endpoint', cell: (row) => <Text span size="sm">{name_of(row.endpoint_id)}</Text>},
    {title: 'Answer', cell: (row) => <StatusCode status={row.status} error={row.error} />},
    {title: 'Attempt', right: true, optional: true, cell: (row) => row.attempt},
    {title: 'Time', right: true, cell: (row) => latency(row.ms)},
    {title: 'uid', optional: true, cell: (row) => <Text span size="sm" ff="monospace" fz={13}>{row.uid ?? '–'}</Text>},
    {title: 'Ended', right: true, cell: (row) => <When at={row.at} />},
  ];
  return (
    <>
      <Heading title="Live" back={[`/i/${integration_id}/events`, 'Events']} says={`Every attempt as it ends; the newest ${shown_max} stay.`}>
        <Group gap="sm">
          <Badge variant="light" color={!is_on ? 'gray' : is_connected ? 'teal' : 'orange'} radius="sm" tt="none" role="status">{!is_on ? 'stopped' : is_connected ? 'connected' : 'connecting'}</Badge>
          <Button variant="default" leftSection={is_on ? <Pause size={15} /> : <Play size={15} />} onClick={() => set_on(!is_on)}>{is_on ? 'Stop' : 'Go on'}</Button>
        </Group>
      </Heading>
      <Paper style={{overflow: 'hidden'}}>
        {rows.length > 0
          ? <Table label="Attempts" columns={columns} rows={rows} row_key={(row) => `${row.delivery_id}-${row.attempt}-${row.at}`} to={(row) => `/i/${integration_id}/events/${row.event_id}`} />
          : <Empty icon={RadioTower} title="Nothing has gone out yet">What does shows here by itself.</Empty>}
      </Paper>
    </>
  );
}
