import {Alert, Autocomplete, Button, Group, Paper, Stack, Text, Title} from '@mantine/core';
import {useMutation, useQuery} from '@tanstack/react-query';
import {CheckCircle2, Send, XCircle} from 'lucide-react';
import {useState} from 'react';

import {api, as_problem, body} from '../../api/client';
import type {Endpoint} from '../../api/shapes';
import {StatusCode} from '../../parts/badges';
import {milliseconds} from '../../parts/duration';
import {Exchange} from '../events/attempt_line';

export function useTypeNames(integration_id: string): string[] {
  const {data} = useQuery({
    queryKey: ['event-types', integration_id],
    queryFn: () => body(api.GET('/v1/event-types', {params: {query: {integration_id, limit: 500}}})),
    staleTime: 60_000,
  });
  return data?.data.map(({name}) => name) ?? [];
}

/** Sends a real, signed request now, and shows all of what came back. */
export function TestPanel({endpoint}: {endpoint: Endpoint}) {
  const types = useTypeNames(endpoint.integration_id);
  const [type, set_type] = useState('webhook.test');
  const testing = useMutation({
    mutationFn: () => body(api.POST('/v1/endpoints/{id}/test', {params: {path: {id: endpoint.id}, query: {integration_id: endpoint.integration_id, event_type: type.trim() || undefined}}})),
  });
  const {data} = testing;
  return (
    <Paper p="md">
      <Group justify="space-between" align="flex-end">
        <div style={{flex: '1 1 240px'}}>
          <Title order={2}>Test</Title>
          <Text size="sm" c="dimmed">Sends a signed request now. It is no event, and says nothing of the endpoint’s health.</Text>
        </div>
        <Group gap="xs" align="flex-end">
          <Autocomplete aria-label="Event type" size="xs" w={230} data={['webhook.test', ...types.filter((name) => name !== 'webhook.test')]} limit={20} value={type} onChange={set_type} />
          <Button size="xs" leftSection={<Send size={14} />} loading={testing.isPending} onClick={() => testing.mutate()}>Send a test</Button>
        </Group>
      </Group>
      {testing.error && <Alert color="red" mt="md" title={as_problem(testing.error).title}>{as_problem(testing.error).message}</Alert>}
      {data && (
        <Stack gap="sm" mt="md">
          <Group gap="sm">
            {data.success ? <CheckCircle2 size={20} color="var(--mantine-color-teal-6)" /> : <XCircle size={20} color="var(--mantine-color-red-6)" />}
            <Text fw={600}>{data.success ? 'The receiver took it' : 'The receiver did not take it'}</Text>
            <StatusCode status={data.status} error={data.error} />
            <Text size="sm" c="dimmed">{milliseconds(data.timing.total_us)}</Text>
          </Group>
          <Exchange attempt={data} url={endpoint.url} payload={data.payload} />
        </Stack>
      )}
    </Paper>
  );
}
