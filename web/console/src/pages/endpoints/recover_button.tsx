import {Button, Group, Modal, Progress, Select, Stack, Text} from '@mantine/core';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {LifeBuoy} from 'lucide-react';
import {useState} from 'react';

import {api, as_problem, body} from '../../api/client';
import type {Endpoint, Job} from '../../api/shapes';
import {StateBadge} from '../../parts/badges';
import {When} from '../../parts/when';

const spans = [['3600', 'the last hour'], ['86400', 'the last 24 hours'], ['604800', 'the last 7 days'], ['2592000', 'the last 30 days']] as const;

/** How far a job is, until it has ended. */
export function JobProgress({id, integration_id}: {id: string; integration_id: string}) {
  const {data} = useQuery({
    queryKey: ['job', id],
    queryFn: () => body(api.GET('/v1/jobs/{id}', {params: {path: {id}, query: {integration_id}}})),
    refetchInterval: ({state}) => (state.data && state.data.state !== 'running' ? false : 500),
  });
  if (!data) return <Progress value={0} animated />;
  return <JobBar job={data} />;
}

export function JobBar({job}: {job: Job}) {
  const share = job.state === 'running' ? (job.total ? Math.min(99, (100 * job.processed) / job.total) : 50) : 100;
  return (
    <Stack gap={4}>
      <Progress value={share} animated={job.state === 'running'} color={job.state === 'failed' ? 'red' : job.state === 'running' ? 'blue' : 'teal'} aria-label="Progress" />
      <Group gap="xs"><StateBadge state={job.state} /><Text size="sm">{job.requeued} on their way again{job.skipped > 0 && `, ${job.skipped} skipped`}{job.total !== null && `, of ${job.total}`}</Text></Group>
      {job.error && <Text size="sm" c="red">{job.error}</Text>}
    </Stack>
  );
}

export function RecoverButton({endpoint}: {endpoint: Endpoint}) {
  const queries = useQueryClient();
  const {failing_since} = endpoint.condition;
  const [is_open, set_open] = useState(false);
  const [span, set_span] = useState<string>(failing_since ? 'outage' : '86400');
  const recovering = useMutation({
    mutationFn: () => {
      const since = span === 'outage' && failing_since ? failing_since : Math.floor(Date.now() / 1000) - Number(span);
      return body(api.POST('/v1/endpoints/{id}/recover', {params: {path: {id: endpoint.id}, query: {integration_id: endpoint.integration_id}}, body: {since}}));
    },
    onSettled: () => { for (const key of ['endpoint', 'endpoints', 'deliveries', 'jobs']) void queries.invalidateQueries({queryKey: [key]}); },
  });
  return (
    <>
      <Button size="xs" leftSection={<LifeBuoy size={14} />} onClick={() => { recovering.reset(); set_open(true); }}>Recover</Button>
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
