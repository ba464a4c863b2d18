import {Button, Text} from '@mantine/core';
import {Plus, RadioTower} from 'lucide-react';
import type {ReactNode} from 'react';
import {Link} from 'react-router-dom';

import {endpoint_name, useEndpoints, worst_first} from '../../api/endpoints';
import {useLocalPages} from '../../api/pages';
import type {Endpoint} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Asked, Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';

const columns: Column<Endpoint>[] = [
  {title: 'Endpoint', wide: true, cell: (row) => endpoint_name(row)},
  {title: 'State', cell: (row) => <StateBadge state={row.state} />},
  {title: 'Takes', cell: (row) => <Text span size="sm" c="dimmed">{row.kind === 'operational' ? 'operational news' : takes(row.event_types ?? [])}</Text>},
  {title: 'Signature', optional: true, cell: (row) => <Text span size="sm" c="dimmed">{row.signatures?.map(({scheme}) => scheme).join(', ') || 'none'}</Text>},
  {title: 'Created', right: true, optional: true, cell: (row) => <When at={row.created_at} />},
];

function takes(types: string[]): string {
  if (types.includes('*')) return 'everything';
  return types.length <= 2 ? types.join(', ') : `${types[0]} and ${types.length - 1} more`;
}

function List({endpoints, base, make}: {endpoints: Endpoint[]; base: string; make: ReactNode}) {
  const pages = useLocalPages(worst_first(endpoints), 50);
  return (
    <PagedTable
      label="Endpoints" pages={pages} columns={columns} row_key={(row) => row.id} to={(row) => `${base}/${row.id}`}
      empty={<Empty icon={RadioTower} title="No endpoint yet" action={make}>Events are kept as unrouted until an endpoint takes them, and can be replayed then.</Empty>}
    />
  );
}

export default function EndpointList() {
  const {integration_id, environment} = usePlace();
  const query = useEndpoints(integration_id);
  const make = <AdminOnly><Button component={Link} to={`/i/${integration_id}/endpoints/new`} leftSection={<Plus size={16} />}>New endpoint</Button></AdminOnly>;
  return (
    <>
      <Heading title="Endpoints" says={`Where the events of ${environment} go, and how.`}>{make}</Heading>
      <Asked query={query}>{({data}) => <List endpoints={data} base={`/i/${integration_id}/endpoints`} make={make} />}</Asked>
    </>
  );
}
