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
import {ChangedFields} from './changed_fields';
import {in_words} from './in_words';

const actors = {admin: 'Machine admin', api_key: 'API key', operations: 'Operations', member: 'Member'} as const;

const columns = (name_of: (id: string) => string): Column<Change>[] => [
  {title: 'What', wide: true, cell: (row) => (
    <Stack gap={2}>
      <Group gap="xs"><Text span size="sm" fw={550}>{in_words(row.action)}</Text>{row.object && <Code>{row.object}</Code>}</Group>
      <ChangedFields before={row.before} after={row.after} />
    </Stack>
  )},
  {title: 'Who', cell: (row) => <Stack gap={0}><Text span size="sm">{row.actor.kind === 'member' && row.actor.id ? name_of(row.actor.id) : actors[row.actor.kind]}</Text>{row.actor.id && <Text size="xs" c="dimmed">{row.actor.id}</Text>}</Stack>},
  {title: 'From', optional: true, cell: (row) => <Text span size="sm" c="dimmed">{row.remote ?? '–'}</Text>},
  {title: 'When', right: true, cell: (row) => <When at={row.at} />},
];

export default function Audit() {
  const name_of = useMemberNames();
  const pages = usePages(['audit'], (read) => body(api.GET('/v1/audit', {params: {query: read}})), {limit: 25});
  return (
    <>
      <Heading title="Audit" says="Every change of the settings: who made it, from where, and what it put in place of what." />
      <PagedTable
        label="Changes" pages={pages} columns={columns(name_of)} row_key={(row) => row.id}
        empty={<Empty icon={ScrollText} title="Nothing has been changed yet">Changes show here as soon as somebody makes one.</Empty>}
      />
    </>
  );
}
