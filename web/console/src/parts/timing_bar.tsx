import {Group, Text} from '@mantine/core';

import type {Attempt} from '../api/shapes';
import {milliseconds} from './duration';
import styles from './timing_bar.module.css';

const phases = [['dns_us', 'DNS'], ['connect_us', 'Connect'], ['tls_us', 'TLS'], ['first_byte_us', 'Waiting'], ['total_us', 'Answer']] as const;

/** Where an attempt's time went. The API gives each phase's end, and 0 where it did not happen. */
export function TimingBar({timing}: {timing: Attempt['timing']}) {
  let before = 0;
  const parts = phases.flatMap(([key, name]) => {
    const end = timing[key];
    if (end <= before) return [];
    const is_answer = key === 'total_us' && timing.first_byte_us > 0;
    const part = key === 'total_us' && !is_answer ? {key: 'failed' as const, name: 'Until it failed', us: end - before} : {key, name, us: end - before};
    before = end;
    return [part];
  });
  if (parts.length === 0) return null;
  return (
    <div>
      <div className={styles.bar} aria-hidden>{parts.map(({key, us}) => <span key={key} className={styles[key]} style={{flexGrow: us}} />)}</div>
      <Group gap="4px 14px" mt={6}>
        {parts.map(({key, name, us}) => (
          <Text key={key} span size="xs" c="dimmed"><span className={`${styles.dot} ${styles[key]}`} aria-hidden />{name} <b>{milliseconds(us)}</b></Text>
        ))}
        <Text span size="xs" c="dimmed">in all <b>{milliseconds(timing.total_us)}</b></Text>
      </Group>
    </div>
  );
}
