import {Alert, Collapse, Group, SimpleGrid, Stack, Text, UnstyledButton} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Lightbulb} from 'lucide-react';

import type {Attempt} from '../../api/shapes';
import {StatusCode} from '../../parts/badges';
import {CopyAction} from '../../parts/copy';
import {milliseconds} from '../../parts/duration';
import {explain} from '../../parts/explain';
import {Plain} from '../../parts/json';
import {TimingBar} from '../../parts/timing_bar';
import {When} from '../../parts/when';
import {as_curl} from './as_curl';
import styles from './timeline.module.css';

type Exchanged = Omit<Attempt, 'number'>;

/** All that was sent and came back. */
export function Exchange({attempt, url, payload, is_success}: {attempt: Exchanged; url: string; payload: string; is_success: boolean}) {
  const plain = explain(attempt);
  const why = {title: plain.title, says: attempt.advice ? `${attempt.advice.what} ${attempt.advice.fix}` : `${plain.meaning} ${plain.advice}`};
  return (
    <Stack gap="sm">
      {!is_success && (
        <Alert color="orange" variant="light" icon={<Lightbulb size={18} />} title={why.title}>
          {why.says}{attempt.error_detail && <Text size="xs" mt={4} ff="monospace">{attempt.error_detail}</Text>}
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

export function AttemptLine({attempt, url, payload, is_success, is_open: opens}: {attempt: Attempt; url: string; payload: string; is_success: boolean; is_open: boolean}) {
  const [is_open, {toggle}] = useDisclosure(opens);
  return (
    <li className={is_success ? styles.good : styles.bad}>
      <UnstyledButton onClick={toggle} aria-expanded={is_open} className={styles.attempt}>
        <Text span size="sm" fw={550}>Attempt {attempt.number}</Text>
        <StatusCode status={attempt.status} error={attempt.error} />
        <Text span size="sm" c="dimmed">{milliseconds(attempt.timing.total_us)}</Text>
        <Text span size="sm" c="dimmed" ml="auto"><When at={attempt.at} /></Text>
      </UnstyledButton>
      <Collapse in={is_open}><div className={styles.exchange}>{is_open && <Exchange attempt={attempt} url={url} payload={payload} is_success={is_success} />}</div></Collapse>
    </li>
  );
}
