import {Paper, SimpleGrid, Text} from '@mantine/core';
import type {ReactNode} from 'react';

import type {Stats} from '../../api/stats';
import {latency, percent, success_percent} from '../../parts/traffic';
import {When} from '../../parts/when';
import styles from './numbers.module.css';

function Number({name, value, says, tone}: {name: string; value: ReactNode; says: ReactNode; tone?: 'bad' | 'wait'}) {
  return (
    <Paper p="md" className={tone ? styles[tone] : undefined}>
      <Text size="sm" c="dimmed">{name}</Text>
      <div className={styles.value}>{value}</div>
      <Text size="xs" c="dimmed" component="div">{says}</Text>
    </Paper>
  );
}

export function Numbers({stats: {total, now}}: {stats: Stats}) {
  return (
    <SimpleGrid cols={{base: 2, sm: 3, lg: 6}} spacing="sm">
      <Number name="Delivered" value={total.delivered.toLocaleString()} says={`${total.attempts.toLocaleString()} attempts`} />
      <Number name="Success" value={percent(success_percent(total.delivered, total.failed))} says="of what has ended" />
      <Number name="Failed" value={total.failed.toLocaleString()} says="for good" tone={total.failed > 0 ? 'bad' : undefined} />
      <Number name="Waiting" value={now.waiting.toLocaleString()} says={now.waiting > 0 && now.oldest_due_at ? <>oldest due <When at={now.oldest_due_at} relative /></> : 'nothing is due'} />
      <Number name="Parked" value={now.parked.toLocaleString()} says="until the endpoint is back" tone={now.parked > 0 ? 'wait' : undefined} />
      <Number name="Answers within" value={latency(total.p95_ms)} says={`95 %; half within ${latency(total.p50_ms)}`} />
    </SimpleGrid>
  );
}
