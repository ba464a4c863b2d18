import {Group, Paper, Text, UnstyledButton} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {ChevronRight} from 'lucide-react';
import {Link} from 'react-router-dom';

import {api, body} from '../../api/client';
import type {Delivery, Endpoint, Event} from '../../api/shapes';
import {Act} from '../../parts/act';
import {StateBadge} from '../../parts/badges';
import {Told, When} from '../../parts/when';
import {AttemptLine} from './attempt_line';
import styles from './timeline.module.css';

interface DeliveryProps {
  delivery: Delivery;
  event: Event;
  endpoint: Endpoint | undefined;
  name: string;
  payload: string;
  is_open: boolean;
}

function Actions({delivery, event}: {delivery: Delivery; event: Event}) {
  const params = {params: {path: {id: delivery.id}, query: {integration_id: event.integration_id}}};
  const touches = [['event', event.id], ['events']];
  const is_moving = delivery.state === 'pending' || delivery.state === 'retrying' || delivery.state === 'parked';
  return (
    <Group gap="xs">
      {delivery.state === 'delivered'
        ? <Act ask={() => body(api.POST('/v1/deliveries/{id}/replay', params))} touches={touches} done="On its way again">Send again</Act>
        : <Act ask={() => body(api.POST('/v1/deliveries/{id}/retry', params))} touches={touches} done="It is tried now">Try now</Act>}
      {is_moving && (
        <Act
          color="red" variant="subtle" ask={() => body(api.POST('/v1/deliveries/{id}/cancel', params))} touches={touches} done="Given up"
          sure={{title: 'Give up on this delivery?', says: 'It is not tried again by itself. You can still try it again by hand.'}}
        >
          Cancel
        </Act>
      )}
    </Group>
  );
}

function WhatNext({delivery, endpoint_path}: {delivery: Delivery; endpoint_path: string}) {
  if (delivery.waits_for) {
    const is_endpoint = delivery.waits_for.startsWith('endpoint');
    return <Text size="sm">Waits: <Told sentence={delivery.waits_for} />. {is_endpoint && <Link to={endpoint_path}>Look at the endpoint</Link>}</Text>;
  }
  if (delivery.next_try_at) return <Text size="sm">Next try <When at={delivery.next_try_at} relative />.</Text>;
  if (delivery.state === 'failed') return <Text size="sm">Its tries are used up, or the receiver refused it for good. Nothing more happens by itself.</Text>;
  return null;
}

export function DeliveryPanel({delivery, event, endpoint, name, payload, is_open: opens}: DeliveryProps) {
  const [is_open, {toggle}] = useDisclosure(opens);
  const attempts = [...(delivery.attempts ?? [])].reverse();
  const endpoint_path = `/i/${event.integration_id}/endpoints/${delivery.endpoint_id}`;
  return (
    <Paper className={styles.delivery}>
      <Group justify="space-between" px="md" py="sm" wrap="nowrap">
        <UnstyledButton onClick={toggle} aria-expanded={is_open} style={{flex: 1, minWidth: 0}}>
          <Group gap="sm">
            <ChevronRight size={16} className={is_open ? styles.opened : styles.closed} aria-hidden />
            <Text span fw={600} style={{overflowWrap: 'anywhere'}}>{name}</Text>
            <StateBadge state={delivery.state} />
            <Text span size="sm" c="dimmed">
              {delivery.attempt_count} {delivery.attempt_count === 1 ? 'attempt' : 'attempts'}{delivery.finished_at && <>, ended <When at={delivery.finished_at} /></>}
            </Text>
          </Group>
        </UnstyledButton>
        <Group visibleFrom="sm" style={{flex: 'none'}}><Actions delivery={delivery} event={event} /></Group>
      </Group>
      {is_open && (
        <div className={styles.inside}>
          <Group hiddenFrom="sm" mb="sm"><Actions delivery={delivery} event={event} /></Group>
          <WhatNext delivery={delivery} endpoint_path={endpoint_path} />
          {attempts.length === 0 && <Text size="sm" c="dimmed" mt="xs">Not tried yet.</Text>}
          <ol className={styles.line}>
            {attempts.map((attempt, at) => (
              <AttemptLine key={`${attempt.number}-${attempt.at}`} attempt={attempt} url={endpoint?.url ?? ''} payload={payload} is_open={at === 0 && delivery.state !== 'delivered'} />
            ))}
          </ol>
          <Text size="xs" c="dimmed">{delivery.id} to <Link to={endpoint_path}>{endpoint?.url ?? name}</Link></Text>
        </div>
      )}
    </Paper>
  );
}
