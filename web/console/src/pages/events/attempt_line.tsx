import {Alert, Group, SimpleGrid, Stack, Text, UnstyledButton} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Lightbulb} from 'lucide-react';

import type {Attempt} from '../../api/shapes';
import {StatusCode} from '../../parts/badges';
import {CopyAction} from '../../parts/copy';
import {milliseconds} from '../../parts/duration';
import {Plain} from '../../parts/json';
import {TimingBar} from '../../parts/timing_bar';
import {When} from '../../parts/when';
import {as_curl} from './as_curl';
import styles from './timeline.module.css';

type Exchanged = Omit<Attempt, 'number'>;

/** All that was sent and came back, and the server's advice where it did not deliver. */
export function Exchange({attempt, url, payload}: {attempt: Exchanged; url: string; payload: string}) {
  const {advice} = attempt;
  return (
    <Stack gap="sm">
      {advice && (
        <Alert color="orange" variant="light" icon={<Lightbulb size={18} />} title={advice.what}>
          {advice.fix}{attempt.error_detail && <Text size="xs" mt={4} ff="monospace">{attempt.error_detail}</Text>}
        </Alert>
      )}
      <TimingBar timing={attempt.timing} />
      <SimpleGrid cols={{base: 1, md: 2}} spacing="sm">
        <Stack gap={5}>
          <Group justify="space-between"><Text size="xs" c="dimmed">Request</Text>{url && <CopyAction text={as_curl(url, attempt.request_headers, payload)} size="compact-xs">Copy as curl</CopyAction>}</Group>
          <Plain text={attempt.request_headers.trim() || 'Nothing was sent.'} label="Request headers" />
        </Stack>
        <Stack gap={5}>
          <Text size="xs" c="dimmed" lh="22px">Answer</Text>
          <Plain text={[attempt.response_headers.trim(), attempt.response_body].filter(Boolean).join('\n\n') || 'No answer came.'} label="Answer" />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

export function AttemptLine({attempt, url, payload, is_open: opens}: {attempt: Attempt; url: string; payload: string; is_open: boolean}) {
  const [is_open, {toggle}] = useDisclosure(opens);
  return (
    <li className={attempt.advice ? styles.bad : styles.good}>
      <UnstyledButton onClick={toggle} aria-expanded={is_open} className={styles.attempt}>
        <Text span size="sm" fw={550}>Attempt {attempt.number}</Text>
        <StatusCode status={attempt.status} error={attempt.error} />
        <Text span size="sm" c="dimmed">{milliseconds(attempt.timing.total_us)}</Text>
        <Text span size="sm" c="dimmed" ml="auto"><When at={attempt.at} /></Text>
      </UnstyledButton>
      {is_open && <div className={styles.exchange}><Exchange attempt={attempt} url={url} payload={payload} /></div>}
    </li>
  );
}
