import {Button, Progress, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Link2, Plus} from 'lucide-react';

import {api, body, type Shapes} from '../../api/client';
import {usePages} from '../../api/pages';
import {AdminOnly} from '../../parts/admin_only';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {NewBatch} from './new_batch';

type Batch = Shapes['link_batch'];

const columns: Column<Batch>[] = [
  {title: 'Batch', wide: true, cell: (row) => row.name},
  {title: 'Links', right: true, cell: (row) => row.count.toLocaleString()},
  {title: 'Made', cell: (row) => (row.state === 'made' ? <Text span size="sm" c="dimmed">all</Text> : <Progress value={(100 * row.made) / row.count} w={110} animated aria-label={`${row.made} of ${row.count} made`} />)},
  {title: 'Created', right: true, cell: (row) => <When at={row.created_at} />},
];

export default function LinkBatches() {
  const {integration_id} = usePlace();
  const [is_open, {open, close}] = useDisclosure();
  const pages = usePages(['link-batches', integration_id], (read) => body(api.GET('/v1/link-batches', {params: {query: {integration_id, ...read}}})), {limit: 25, refresh_ms: 3000});
  const make = <AdminOnly><Button leftSection={<Plus size={16} />} onClick={open}>New batch</Button></AdminOnly>;
  return (
    <>
      <Heading title="Links" says="Addresses of the assessment to hand out, one for each person. Opening one again goes on where it was.">{make}</Heading>
      <PagedTable
        label="Batches of links" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `/i/${integration_id}/links/${row.id}`}
        empty={<Empty icon={Link2} title="No link yet" action={make}>Name a batch and say how many, or give the uids of the people.</Empty>}
      />
      <NewBatch is_open={is_open} close={close} />
    </>
  );
}
