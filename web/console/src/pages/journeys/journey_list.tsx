import {Button, Group, Paper, Select, SimpleGrid, Text} from '@mantine/core';
import {Download, Route, Search} from 'lucide-react';
import {useSearchParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {usePages} from '../../api/pages';
import type {Session} from '../../api/shapes';
import {BandBadge, StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {TextFilter} from '../../parts/text_filter';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';

const states: Session['state'][] = ['created', 'consented', 'in_progress', 'complete', 'scored', 'incomplete', 'cancelled', 'expired'];

const columns: Column<Session>[] = [
  {title: 'uid', wide: true, cell: (row) => row.uid},
  {title: 'State', cell: (row) => <StateBadge state={row.state} />},
  {title: 'Answered', right: true, cell: (row) => `${row.progress.done} of ${row.progress.required}`},
  {title: 'Score', right: true, cell: (row) => row.score?.score ?? <Text span c="dimmed">–</Text>},
  {title: 'Risk', cell: (row) => (row.score ? <BandBadge band={row.score.risk_band} /> : <Text span c="dimmed">–</Text>)},
  {title: 'Platform', optional: true, cell: (row) => <Text span size="sm" c="dimmed">{row.platform}</Text>},
  {title: 'Began', right: true, cell: (row) => <When at={row.created_at} />},
];

export default function JourneyList() {
  const {integration_id} = usePlace();
  const [params, set_params] = useSearchParams();
  const uid = params.get('uid') || undefined;
  const state = states.find((each) => each === params.get('state'));
  const set = (name: string, value: string | null) => set_params((before) => {
    const after = new URLSearchParams(before);
    if (value) after.set(name, value); else after.delete(name);
    return after;
  }, {replace: true});
  const pages = usePages(['sessions', integration_id, uid, state], (read) =>
    body(api.GET('/v1/sessions', {params: {query: {integration_id, uid, state, ...read}}})), {
    limit: 25,
    refresh_ms: 5000,
    time_after: async (read) => (await body(api.GET('/v1/sessions', {params: {query: {integration_id, ...read}}}))).data[0]?.created_at ?? null,
  });
  return (
    <>
      <Heading title="Journeys" says="Each person’s way through the assessment, from the link to the score.">
        <Button component="a" variant="default" leftSection={<Download size={15} />} href={`/v1/results?integration_id=${integration_id}&format=csv`} download={`results-${integration_id}.csv`}>Results as CSV</Button>
      </Heading>
      <Paper p="sm" mb="md">
        <SimpleGrid cols={{base: 1, xs: 2, md: 4}} spacing="sm">
          <TextFilter label="uid" placeholder="exact" value={uid ?? ''} change={(value) => set('uid', value)} />
          <Select label="State" placeholder="Any" clearable data={states.map((value) => ({value, label: value.replace('_', ' ')}))} value={state ?? null} onChange={(value) => set('state', value)} />
        </SimpleGrid>
      </Paper>
      <PagedTable
        label="Journeys" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `/i/${integration_id}/journeys/${row.id}`}
        empty={params.size > 0
          ? <Empty icon={Search} title="Nothing matches" action={<Group><Button size="xs" variant="default" onClick={() => set_params({})}>Clear the filter</Button></Group>} />
          : <Empty icon={Route} title="Nobody has begun yet">A journey begins when your system asks for a link with POST /v1/sessions-management/tokens.</Empty>}
      />
    </>
  );
}
