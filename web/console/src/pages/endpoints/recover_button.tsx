import {Button, Group, Modal, Select, Stack, Text} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {LifeBuoy} from 'lucide-react';
import {useState} from 'react';

import {api, as_problem, body} from '../../api/client';
import type {Endpoint} from '../../api/shapes';
import {When} from '../../parts/when';
import {JobProgress} from './job_bar';

const spans = [['3600', 'the last hour'], ['86400', 'the last 24 hours'], ['604800', 'the last 7 days'], ['2592000', 'the last 30 days']] as const;

// The first failure of an outage ended a moment before the outage was noted.
const margin_ms = 60_000;

export function RecoverButton({endpoint}: {endpoint: Endpoint}) {
  const queries = useQueryClient();
  const {failing_since} = endpoint.condition;
  // Its dialog outlives it: the endpoint is active as soon as the recovery has begun.
  const is_needed = endpoint.state === 'degraded' || endpoint.state === 'disabled';
  const [is_open, set_open] = useState(false);
  const [span, set_span] = useState<string>(failing_since ? 'outage' : '86400');
  const recovering = useMutation({
    mutationFn: () => {
      const from = span === 'outage' && failing_since ? new Date(failing_since).getTime() - margin_ms : Date.now() - Number(span) * 1000;
      const since = Math.floor(from / 1000);
      return body(api.POST('/v1/endpoints/{id}/recover', {params: {path: {id: endpoint.id}, query: {integration_id: endpoint.integration_id}}, body: {since}}));
    },
    onSettled: () => { for (const key of ['endpoint', 'endpoints', 'deliveries', 'jobs']) void queries.invalidateQueries({queryKey: [key]}); },
  });
  return (
    <>
      {is_needed && <Button size="xs" leftSection={<LifeBuoy size={14} />} onClick={() => { recovering.reset(); set_open(true); }}>Recover</Button>}
      <Modal opened={is_open} onClose={() => set_open(false)} title="Recover this endpoint">
        <Stack>
          <Text size="sm">It delivers again at once: what is parked goes out, oldest first, and what failed is sent again. Test it before, so that it does not fail anew.</Text>
          {recovering.data ? <JobProgress id={recovering.data.id} integration_id={endpoint.integration_id} /> : (
            <Select
              label="Send again what failed in" allowDeselect={false} value={span} onChange={(value) => set_span(value ?? '86400')}
              data={[...(failing_since ? [{value: 'outage', label: 'this outage'}] : []), ...spans.map(([value, label]) => ({value, label}))]}
            />
          )}
          {span === 'outage' && failing_since && !recovering.data && <Text size="xs" c="dimmed">Failing since <When at={failing_since} /></Text>}
          {recovering.error && <Text size="sm" c="red">{as_problem(recovering.error).message}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => set_open(false)}>{recovering.data ? 'Close' : 'Back'}</Button>
            {!recovering.data && <Button loading={recovering.isPending} onClick={() => recovering.mutate()}>Recover</Button>}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
