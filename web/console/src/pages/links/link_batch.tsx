import {Button, Group, Paper, Progress, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Download, Link2} from 'lucide-react';
import {Link, useParams} from 'react-router-dom';

import {api, body, type Shapes} from '../../api/client';
import {usePages} from '../../api/pages';
import {Act} from '../../parts/act';
import {StateBadge} from '../../parts/badges';
import {CopyAction} from '../../parts/copy';
import {Heading} from '../../parts/heading';
import {Asked, Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';

export default function LinkBatch() {
  const {id = ''} = useParams();
  const {integration_id} = usePlace();
  const params = {path: {id}, query: {integration_id}};
  const query = useQuery({
    queryKey: ['link-batch', id],
    queryFn: () => body(api.GET('/v1/link-batches/{id}', {params})),
    refetchInterval: ({state}) => (state.data?.state === 'made' ? false : 1000),
  });
  const pages = usePages(['links', id], (read) => body(api.GET('/v1/link-batches/{id}/links', {params: {path: {id}, query: {integration_id, ...read}}})), {limit: 50, refresh_ms: 5000});
  const columns: Column<Shapes['link']>[] = [
    {title: 'uid', wide: true, cell: (row) => (row.session_id ? <Link to={`/i/${integration_id}/journeys/${row.session_id}`}>{row.uid}</Link> : row.uid)},
    {title: 'State', cell: (row) => <StateBadge state={row.state} />},
    {title: 'Ends', right: true, cell: (row) => <When at={row.expires_at} />},
    {title: '', right: true, cell: (row) => (
      <Group gap={4} wrap="nowrap" justify="flex-end">
        {row.url && <CopyAction text={row.url} size="compact-xs">Copy the link</CopyAction>}
        {row.state !== 'complete' && row.state !== 'scored' && (
          <Act
            size="compact-xs" variant="subtle" ask={() => body(api.POST('/v1/links/{id}/regenerate', {params: {path: {id: row.id}, query: {integration_id}}}))} touches={[['links', id]]} done="Replaced: the old link is dead"
            sure={{title: `Replace the link of ${row.uid}?`, says: 'The old one is dead at once. A live session goes on by the new one; one that ended uncompleted begins anew.'}}
          >
            Replace
          </Act>
        )}
      </Group>
    )},
  ];
  return (
    <Asked query={query}>
      {(batch) => (
        <>
          <Heading title={batch.name} back={[`/i/${integration_id}/links`, 'Links']} says={<>{batch.count.toLocaleString()} links, created <When at={batch.created_at} /></>}>
            <Button component="a" variant="default" leftSection={<Download size={15} />} disabled={batch.state !== 'made'} href={`/v1/link-batches/${id}/links?integration_id=${integration_id}&format=csv`} download={`${batch.name}.csv`}>CSV</Button>
          </Heading>
          {batch.state === 'making' && <Paper p="md" mb="md"><Text size="sm" mb={6}>{batch.made.toLocaleString()} of {batch.count.toLocaleString()} are made</Text><Progress value={(100 * batch.made) / batch.count} animated aria-label="Progress" /></Paper>}
          <PagedTable label="Links" pages={pages} columns={columns} row_key={(row) => row.id} empty={<Empty icon={Link2} title="None is made yet" />} />
        </>
      )}
    </Asked>
  );
}
