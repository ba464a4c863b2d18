import {Button, Menu, Paper, Stack, Text, Title} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {ChevronDown, Inbox, RotateCcw} from 'lucide-react';
import {Link, useParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {useEndpointNames, useEndpoints} from '../../api/endpoints';
import type {Event} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Act} from '../../parts/act';
import {StateBadge} from '../../parts/badges';
import {Copied} from '../../parts/copy';
import {bytes} from '../../parts/duration';
import {Facts} from '../../parts/facts';
import {Heading} from '../../parts/heading';
import {Json} from '../../parts/json';
import {Asked, Empty} from '../../parts/states';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {DeliveryPanel} from './delivery_panel';

const finished = new Set<Event['state']>(['delivered', 'failed', 'unrouted']);

function useEvent(id: string, integration_id: string) {
  return useQuery({
    queryKey: ['event', id],
    queryFn: () => body(api.GET('/v1/events/{id}', {params: {path: {id}, query: {integration_id}}})),
    refetchInterval: ({state}) => (state.data && finished.has(state.data.state) ? false : 2000),
  });
}

function usePayload(id: string, integration_id: string) {
  return useQuery({
    queryKey: ['payload', id],
    queryFn: async () => {
      const {data} = await api.GET('/v1/events/{id}/payload', {params: {path: {id}, query: {integration_id}}, parseAs: 'text'});
      return String(data ?? '');
    },
    staleTime: Infinity,
  });
}

function ReplayButton({event}: {event: Event}) {
  const replay = (to: 'own' | 'matching') =>
    body(api.POST('/v1/events/{id}/replay', {params: {path: {id: event.id}, query: {integration_id: event.integration_id}}, body: {to}}));
  const said = (made: {deliveries: unknown[]}) => `On its way again to ${made.deliveries.length} endpoint${made.deliveries.length === 1 ? '' : 's'}`;
  const touches = [['event', event.id], ['events']];
  return (
    <Menu position="bottom-end" keepMounted withinPortal={false}>
      <Menu.Target><Button leftSection={<RotateCcw size={15} />} rightSection={<ChevronDown size={14} />} variant="light">Replay</Button></Menu.Target>
      <Menu.Dropdown p="xs">
        <Stack gap="xs">
          {event.deliveries.length > 0 && <Act fullWidth ask={() => replay('own')} done={said} touches={touches}>To the same endpoints</Act>}
          <Act fullWidth ask={() => replay('matching')} done={said} touches={touches}>To all that take it now</Act>
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}

export default function EventPage() {
  const {id = ''} = useParams();
  const {integration_id} = usePlace();
  const query = useEvent(id, integration_id);
  const payload = usePayload(id, integration_id);
  const endpoints = useEndpoints(integration_id);
  const name_of = useEndpointNames(integration_id);
  const back: [string, string] = [`/i/${integration_id}/events`, 'Events'];
  return (
    <Asked query={query}>
      {(event) => (
        <>
          <Heading title={event.type} back={back} says={<>Accepted <When at={event.accepted_at} /></>}><AdminOnly><ReplayButton event={event} /></AdminOnly></Heading>
          <Stack>
            <Paper p="md">
              <Facts of={[
                ['State', <StateBadge state={event.state} />],
                ['uid', event.uid ? <Link to={`/i/${integration_id}/events?uid=${encodeURIComponent(event.uid)}`}>{event.uid}</Link> : '–'],
                ['Event id', <Copied text={event.id} />],
                ['Payload', bytes(event.payload_bytes)],
              ]} />
            </Paper>
            <section aria-label="Deliveries">
              <Title order={2} mb="xs">Deliveries</Title>
              {event.deliveries.length === 0 && <Paper><Empty icon={Inbox} title="No endpoint took it">It is kept as unrouted. Once an endpoint takes its type, replay it.</Empty></Paper>}
              <Stack gap="sm">
                {event.deliveries.map((delivery) => (
                  <DeliveryPanel
                    key={delivery.id} delivery={delivery} event={event} payload={payload.data ?? ''} name={name_of(delivery.endpoint_id)}
                    endpoint={endpoints.data?.data.find((each) => each.id === delivery.endpoint_id)} is_open={event.deliveries.length === 1 || delivery.state !== 'delivered'}
                  />
                ))}
              </Stack>
            </section>
            <section aria-label="Payload">
              <Title order={2} mb="xs">Payload</Title>
              <Asked query={payload}>{(text) => <Paper p="md"><Json text={text} label="Payload" /></Paper>}</Asked>
              <Text size="xs" c="dimmed" mt={6}>The exact bytes that every endpoint, try and replay gets.</Text>
            </section>
          </Stack>
        </>
      )}
    </Asked>
  );
}
