import {Badge, Button, Drawer, Group, Stack, Text, Title} from '@mantine/core';
import {BookOpen, Plus} from 'lucide-react';
import {useState} from 'react';

import {api, body} from '../../api/client';
import {useMember} from '../../api/member';
import {usePages} from '../../api/pages';
import type {EventType} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Act} from '../../parts/act';
import {Heading} from '../../parts/heading';
import {Json} from '../../parts/json';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {EventTypeForm} from './event_type_form';

const columns: Column<EventType>[] = [
  {title: 'Name', cell: (row) => row.name},
  {title: 'Description', wide: true, cell: (row) => <Text span size="sm" c="dimmed">{row.description}</Text>},
  {title: 'Schema', cell: (row) => <Text span size="sm" c={row.schema === null ? 'dimmed' : undefined}>{row.schema === null ? 'none' : 'yes'}</Text>},
  {title: 'Origin', cell: (row) => <Badge variant="light" color={row.built_in ? 'gray' : 'post'} radius="sm" tt="none">{row.built_in ? 'built in' : 'yours'}</Badge>},
];

function Shown({type, company_id, edit, close}: {type: EventType; company_id: string; edit: () => void; close: () => void}) {
  return (
    <Stack>
      <Text size="sm">{type.description || 'No description.'}</Text>
      {!type.built_in && (
        <Group gap="xs">
          <AdminOnly><Button size="xs" variant="default" onClick={edit}>Edit</Button></AdminOnly>
          <Act color="red" variant="subtle" ask={() => body(api.DELETE('/v1/event-types/{name}', {params: {path: {name: type.name}, query: {company_id}}}))} touches={[['event-types']]} done="Deleted" then={close} sure={{title: `Forget ${type.name}?`, says: 'Events of this type are accepted without validation from then on.'}}>Delete</Act>
        </Group>
      )}
      <div><Title order={3} fz="sm" mb={6}>Example</Title>{type.example === null || type.example === undefined ? <Text size="sm" c="dimmed">None.</Text> : <Json text={JSON.stringify(type.example)} label="Example" />}</div>
      <div><Title order={3} fz="sm" mb={6}>Schema</Title>{type.schema === null ? <Text size="sm" c="dimmed">None: every body passes.</Text> : <Json text={JSON.stringify(type.schema)} label="Schema" />}</div>
    </Stack>
  );
}

export default function EventTypes() {
  const company_id = useMember().company.id;
  const [shown, set_shown] = useState<EventType | null>(null);
  const [edited, set_edited] = useState<EventType | 'new' | null>(null);
  const pages = usePages(['event-types', 'company', company_id], (read) => body(api.GET('/v1/event-types', {params: {query: {company_id, ...read}}})), {limit: 50});
  const make = <AdminOnly><Button leftSection={<Plus size={16} />} onClick={() => set_edited('new')}>New event type</Button></AdminOnly>;
  const with_buttons = columns.map((column, at) => (at === 0 ? {...column, cell: (row: EventType) => <Button variant="transparent" size="compact-sm" px={0} onClick={() => set_shown(row)}>{row.name}</Button>} : column));
  return (
    <>
      <Heading title="Event types" says="What your events look like. Events are held against the schema where an environment’s setup says so.">{make}</Heading>
      <PagedTable label="Event types" pages={pages} columns={with_buttons} row_key={(row) => row.name} empty={<Empty icon={BookOpen} title="No event type yet" action={make} />} />
      <Drawer opened={shown !== null} onClose={() => set_shown(null)} position="right" size="lg" title={<Text fw={650} style={{overflowWrap: 'anywhere'}}>{shown?.name}</Text>}>
        {shown && <Shown type={shown} company_id={company_id} edit={() => { set_edited(shown); set_shown(null); }} close={() => set_shown(null)} />}
      </Drawer>
      <EventTypeForm key={edited === 'new' ? 'new' : edited?.name} type={edited} company_id={company_id} close={() => set_edited(null)} />
    </>
  );
}
