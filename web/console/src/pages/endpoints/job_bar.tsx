import {Group, Progress, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';

import {api, body} from '../../api/client';
import type {Job} from '../../api/shapes';
import {StateBadge} from '../../parts/badges';

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
