import {Button, Stack, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Plus, RotateCcw} from 'lucide-react';

import {api, body} from '../../api/client';
import {useEndpointNames} from '../../api/endpoints';
import {usePages} from '../../api/pages';
import type {Job} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Act} from '../../parts/act';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {JobBar} from '../endpoints/job_bar';
import {NewReplay} from './new_replay';

const kinds: Record<Job['kind'], string> = {retry: 'Retry', replay: 'Replay', recover: 'Recovery'};

function filter_in_words({filter, kind}: Job, name_of: (id: string) => string): string {
  const what = kind === 'recover' ? 'what failed' : filter.state ?? 'failed';
  return [what, filter.type && `of ${filter.type}`, filter.endpoint_id && `at ${name_of(filter.endpoint_id)}`].filter(Boolean).join(' ');
}

export default function Replays() {
  const {integration_id} = usePlace();
  const name_of = useEndpointNames(integration_id);
  const [is_open, {open, close}] = useDisclosure();
  const pages = usePages(['jobs', integration_id], (read) => body(api.GET('/v1/jobs', {params: {query: {integration_id, ...read}}})), {limit: 25, refresh_ms: 2000});
  const columns: Column<Job>[] = [
    {title: 'What', wide: true, cell: (row) => <><Text span size="sm" fw={550}>{kinds[row.kind]}</Text><Text size="xs" c="dimmed">{filter_in_words(row, name_of)}</Text></>},
    {title: 'Progress', cell: (row) => <div style={{minWidth: 220}}><JobBar job={row} /></div>},
    {title: 'Began', right: true, cell: (row) => <When at={row.created_at} />},
    {title: '', right: true, cell: (row) => row.state === 'running' && (
      <Act size="compact-xs" color="red" variant="subtle" ask={() => body(api.POST('/v1/jobs/{id}/cancel', {params: {path: {id: row.id}, query: {integration_id}}}))} touches={[['jobs']]} done="Stopped">Stop</Act>
    )},
  ];
  const make = <AdminOnly><Button leftSection={<Plus size={16} />} onClick={open}>Send many again</Button></AdminOnly>;
  return (
    <Stack gap={0}>
      <Heading title="Replays" says="Sending many events again, as a job with progress: what failed, what was cancelled, or what an endpoint never had.">{make}</Heading>
      <PagedTable label="Replays" pages={pages} columns={columns} row_key={(row) => row.id} empty={<Empty icon={RotateCcw} title="Nothing was sent again yet" action={make}>Single events are replayed on their own page.</Empty>} />
      {is_open && <NewReplay close={close} />}
    </Stack>
  );
}
