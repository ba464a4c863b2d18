import {Group, Text, Tooltip} from '@mantine/core';

import type {Delivery, DeliveryState} from '../../api/shapes';

const colours: Record<DeliveryState, string> = {
  pending: 'blue-5', retrying: 'orange-6', parked: 'grape-5', delivered: 'teal-6', failed: 'red-6', cancelled: 'gray-5',
};
const shown_max = 8;

/** A dot for each delivery of an event, told apart by colour here and by word on hover and to screen readers. */
export function Arrivals({deliveries, name_of}: {deliveries: Delivery[]; name_of: (id: string) => string}) {
  if (deliveries.length === 0) return <Text span size="sm" c="dimmed">none</Text>;
  const arrived = deliveries.filter(({state}) => state === 'delivered').length;
  const told = deliveries.map(({endpoint_id, state}) => `${name_of(endpoint_id)}: ${state}`);
  return (
    <Tooltip label={<>{told.map((line) => <div key={line}>{line}</div>)}</>}>
      <Group gap={4} wrap="nowrap" w="fit-content">
        {deliveries.slice(0, shown_max).map(({id, state}) => (
          <span key={id} aria-hidden style={{width: 9, height: 9, borderRadius: 9, background: `var(--mantine-color-${colours[state]})`}} />
        ))}
        <Text span size="xs" c="dimmed" ml={3} style={{whiteSpace: 'nowrap'}}>{arrived} of {deliveries.length}</Text>
      </Group>
    </Tooltip>
  );
}
