import {Code, Group, Stack, Text} from '@mantine/core';
import {ScrollText} from 'lucide-react';

import {api, body} from '../../api/client';
import {useMemberNames} from '../../api/member';
import {usePages} from '../../api/pages';
import type {Change} from '../../api/shapes';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {in_words} from './in_words';

const actors = {admin: 'Machine admin', api_key: 'API key', operations: 'Operations', member: 'Member'} as const;

function Fields({of}: {of: Change['before']}) {
  const entries = Object.entries(of ?? {});
  if (entries.length === 0) return null;
  return <Text size="xs" c="dimmed" truncate maw={420}>{entries.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ')}</Text>;
}

const columns = (name_of: (id: string) => string): Column<Change>[] => [
  {title: 'What', wide: true, cell: (row) => (
    <Stack gap={2}>
      <Group gap="xs"><Text span size="sm" fw={550}>{in_words(row.action)}</Text>{row.object && <Code>{row.object}</Code>}</Group>
      <Fields of={row.after} />
    </Stack>
  )},
  {title: 'Who', cell: (row) => <Stack gap={0}><Text span size="sm">{row.actor.kind === 'member' && row.actor.id ? name_of(row.actor.id) : actors[row.actor.kind]}</Text>{row.actor.id && <Text size="xs" c="dimmed">{row.actor.id}</Text>}</Stack>},
  {title: 'From', optional: true, cell: (row) => <Text span size="sm" c="dimmed">{row.remote ?? '–'}</Text>},
  {title: 'When', right: true, cell: (row) => <When at={row.at} />},
];

export default function Audit() {
  const name_of = useMemberNames();
  const pages = usePages(['audit'], (cursor) => body(api.GET('/v1/audit', {params: {query: {limit: 25, cursor}}})));
  return (
    <>
      <Heading title="Audit" says="Every change of the settings: who made it, from where, and what it put in place." />
      <PagedTable
        label="Changes" pages={pages} columns={columns(name_of)} row_key={(row) => row.id}
        empty={<Empty icon={ScrollText} title="Nothing has been changed yet">Changes show here as soon as somebody makes one.</Empty>}
      />
    </>
  );
}
