import {Button, Group, Paper, Select, SimpleGrid, Tabs, Text} from '@mantine/core';
import {Award, Download, Search} from 'lucide-react';
import {useSearchParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {usePages} from '../../api/pages';
import type {Certificate} from '../../api/shapes';
import {Act} from '../../parts/act';
import {StateBadge} from '../../parts/badges';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {TextFilter} from '../../parts/text_filter';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {Rules} from './rules';

const states: Certificate['state'][] = ['valid', 'expired', 'revoked'];

function Acts({of, integration_id}: {of: Certificate; integration_id: string}) {
  if (of.state === 'revoked') return null;
  const params = {params: {path: {id: of.id}, query: {integration_id}}};
  const touches = [['certificates']];
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Act size="compact-xs" ask={() => body(api.POST('/v1/certificates/{id}/renew', params))} touches={touches} done="Renewed" sure={{title: 'Renew this certificate?', says: 'It holds from now on for the rule’s validity, and certificate_completed is sent again.'}}>Renew</Act>
      <Act size="compact-xs" color="red" variant="subtle" ask={() => body(api.POST('/v1/certificates/{id}/revoke', params))} touches={touches} done="Revoked" sure={{title: 'Revoke this certificate?', says: 'For good. No event tells of it; the user can be awarded a new one.'}}>Revoke</Act>
    </Group>
  );
}

function CertificateList() {
  const {integration_id} = usePlace();
  const [params, set_params] = useSearchParams();
  const user_id = params.get('user_id') || undefined;
  const state = states.find((each) => each === params.get('state'));
  const set = (name: string, value: string | null) => set_params((before) => {
    const after = new URLSearchParams(before);
    if (value) after.set(name, value); else after.delete(name);
    return after;
  }, {replace: true});
  const pages = usePages(['certificates', integration_id, user_id, state], (read) =>
    body(api.GET('/v1/certificates', {params: {query: {integration_id, user_id, state, ...read}}})), {
    limit: 25,
    time_after: async (read) => (await body(api.GET('/v1/certificates', {params: {query: {integration_id, ...read}}}))).data[0]?.certified_at ?? null,
  });
  const columns: Column<Certificate>[] = [
    {title: 'Certificate', wide: true, cell: (row) => row.name},
    {title: 'User', cell: (row) => <Text span size="sm" ff="monospace" fz={13}>{row.user_id}</Text>},
    {title: 'State', cell: (row) => <StateBadge state={row.state} />},
    {title: 'Certified', right: true, cell: (row) => <When at={row.certified_at} />},
    {title: 'Ends', right: true, optional: true, cell: (row) => (row.expires_at ? <When at={row.expires_at} /> : 'never')},
    {title: '', right: true, cell: (row) => <Acts of={row} integration_id={integration_id} />},
  ];
  return (
    <>
      <Paper p="sm" mb="md">
        <SimpleGrid cols={{base: 1, xs: 2, md: 4}} spacing="sm">
          <TextFilter label="User id" placeholder="24 hex characters" value={user_id ?? ''} change={(value) => set('user_id', value)} />
          <Select label="State" placeholder="Any" clearable data={states} value={state ?? null} onChange={(value) => set('state', value)} />
        </SimpleGrid>
      </Paper>
      <PagedTable
        label="Certificates" pages={pages} columns={columns} row_key={(row) => row.id}
        empty={user_id || state
          ? <Empty icon={Search} title="Nothing matches" />
          : <Empty icon={Award} title="No certificate yet">One is awarded once a user has completed every lesson of a rule, or by hand.</Empty>}
      />
    </>
  );
}

export default function Certificates() {
  const {integration_id} = usePlace();
  const [params, set_params] = useSearchParams();
  return (
    <>
      <Heading title="Certificates" says="What was awarded, by which rule, and until when it holds.">
        <Button component="a" variant="default" leftSection={<Download size={15} />} href={`/v1/certificates?integration_id=${integration_id}&format=csv`} download={`certificates-${integration_id}.csv`}>CSV</Button>
      </Heading>
      <Tabs value={params.get('part') ?? 'awarded'} onChange={(part) => set_params(part ? {part} : {}, {replace: true})} keepMounted={false}>
        <Tabs.List mb="md"><Tabs.Tab value="awarded">Awarded</Tabs.Tab><Tabs.Tab value="rules">Rules</Tabs.Tab></Tabs.List>
        <Tabs.Panel value="awarded"><CertificateList /></Tabs.Panel>
        <Tabs.Panel value="rules"><Rules /></Tabs.Panel>
      </Tabs>
    </>
  );
}
