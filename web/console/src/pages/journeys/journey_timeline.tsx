import {Group, Loader, Paper, Text, Title} from '@mantine/core';
import {useQueries} from '@tanstack/react-query';
import {Link} from 'react-router-dom';

import {api, body} from '../../api/client';
import {useEndpointNames} from '../../api/endpoints';
import type {Delivery, Result} from '../../api/shapes';
import {StateBadge} from '../../parts/badges';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import styles from './journey_timeline.module.css';

const steps: Record<Result['timeline'][number]['step'], string> = {
  created: 'The link was made', opened: 'Opened the page', consented: 'Accepted the privacy policy', first_response: 'Gave the first answer',
  last_response: 'Gave the last answer', ended: 'Ended', scored: 'Scored',
};

function DeliveryLine({delivery, name}: {delivery: Delivery; name: string}) {
  return (
    <Group gap="xs" className={styles.delivery}>
      <Text span size="sm">{name}</Text><StateBadge state={delivery.state} />
      {delivery.finished_at && <Text span size="xs" c="dimmed"><When at={delivery.finished_at} /></Text>}
    </Group>
  );
}

/** By seconds, as shown; within one, a step comes before the events that it brought about. */
function order_of({at, kind}: {at: string; kind: 'step' | 'event'}): string {
  return `${at.slice(0, 19)} ${kind === 'step' ? 0 : 1} ${at}`;
}

/** What the person did, the events that came of it, and where they went, in one line of time. */
export function JourneyTimeline({result}: {result: Result}) {
  const {integration_id} = usePlace();
  const name_of = useEndpointNames(integration_id);
  const events = useQueries({
    queries: result.events.map(({id}) => ({
      queryKey: ['event', id],
      queryFn: () => body(api.GET('/v1/events/{id}', {params: {path: {id}, query: {integration_id}}})),
    })),
  });
  const lines = [
    ...result.timeline.map(({step, at}) => ({at, key: step, kind: 'step' as const, text: step === 'ended' && result.outcome ? `Ended: ${result.outcome}` : steps[step], event: null})),
    ...result.events.map((event, place) => ({at: event.accepted_at, key: event.id, kind: 'event' as const, text: event.type, event: {...event, deliveries: events[place]?.data?.deliveries}})),
  ].sort((a, b) => order_of(a).localeCompare(order_of(b)));
  return (
    <Paper p="md" component="section" aria-label="Timeline">
      <Title order={2} mb="sm">Timeline</Title>
      <ol className={styles.line}>
        {lines.map(({at, key, kind, text, event}) => (
          <li key={key} className={styles[kind]}>
            <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
              {event ? <Link to={`/i/${integration_id}/events/${event.id}`} className={styles.link}>{text}</Link> : <Text span size="sm" fw={500}>{text}</Text>}
              <Text span size="sm" c="dimmed"><When at={at} /></Text>
            </Group>
            {event && !event.deliveries && <Loader size="xs" />}
            {event?.deliveries?.map((delivery) => <DeliveryLine key={delivery.id} delivery={delivery} name={name_of(delivery.endpoint_id)} />)}
            {event?.deliveries?.length === 0 && <Text size="xs" c="dimmed">No endpoint took it.</Text>}
          </li>
        ))}
      </ol>
    </Paper>
  );
}
