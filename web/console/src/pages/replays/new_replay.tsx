import {Alert, Autocomplete, Button, Group, Modal, Select, Stack} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {endpoint_name, useEndpoints} from '../../api/endpoints';
import {tell} from '../../parts/tell';
import {local_time} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {useTypeNames} from '../endpoints/test_panel';
import type {EventFilter} from '../events/event_filter';

const states = [
  ['failed', 'Deliveries that failed'], ['cancelled', 'Deliveries that were cancelled'], ['delivered', 'Deliveries that arrived'], ['finished', 'All of these'],
  ['missing', 'Events that the endpoint never had'], ['unrouted', 'Events that nobody took'],
] as const;
type State = (typeof states)[number][0];
const spans: [string, string][] = [['3600', 'The last hour'], ['86400', 'The last 24 hours'], ['604800', 'The last 7 days'], ['2592000', 'The last 30 days']];
const as_filtered = 'filter';

const epoch = (seconds: string | undefined) => (seconds ? Number(seconds) : undefined);
const moment = (seconds: string | undefined) => (seconds ? local_time(new Date(Number(seconds) * 1000).toISOString()) : '…');

/** `like`: what the list that it was opened from is filtered by. */
export function NewReplay({close, like = {}}: {close: () => void; like?: Partial<EventFilter>}) {
  const {integration_id} = usePlace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const endpoints = useEndpoints(integration_id);
  const types = useTypeNames(integration_id);
  const [state, set_state] = useState<State>(states.find(([each]) => each === like.state)?.[0] ?? 'failed');
  const [endpoint_id, set_endpoint] = useState<string | null>(like.endpoint_id ?? null);
  const [type, set_type] = useState(like.type ?? '');
  const has_own_range = like.from !== undefined || like.to !== undefined;
  const [span, set_span] = useState<string | null>(has_own_range ? as_filtered : spans.find(([each]) => each === like.range)?.[0] ?? '86400');
  const needs_endpoint = state === 'missing' || state === 'unrouted';
  const choices: [string, string][] = has_own_range ? [[as_filtered, `From ${moment(like.from)} to ${moment(like.to)}`], ...spans] : spans;
  const times = () => {
    if (span === as_filtered) return {since: epoch(like.from), until: epoch(like.to)};
    return span ? {since: Math.floor(Date.now() / 1000) - Number(span)} : {};
  };
  const making = useMutation({
    mutationFn: () => body(api.POST('/v1/replays', {
      params: {query: {integration_id}},
      body: {state, endpoint_id: endpoint_id ?? undefined, type: type.trim() || undefined, ...times()},
    })),
    onSuccess: () => {
      void queries.invalidateQueries({queryKey: ['jobs']});
      tell('The job runs');
      close();
      navigate(`/i/${integration_id}/replays`);
    },
  });
  return (
    <Modal opened onClose={close} title="Send many again">
      <Stack>
        <Select label="What" allowDeselect={false} data={states.map(([value, label]) => ({value, label}))} value={state} onChange={(value) => set_state(states.find(([each]) => each === value)?.[0] ?? 'failed')} />
        <Select
          label="Endpoint" required={needs_endpoint} clearable placeholder={needs_endpoint ? 'Choose one' : 'Every endpoint'} value={endpoint_id} onChange={set_endpoint}
          data={endpoints.data?.data.map((each) => ({value: each.id, label: endpoint_name(each)})) ?? []}
        />
        <Autocomplete label="Event type" placeholder="Any; prefix.* is taken, too" data={types} limit={20} value={type} onChange={set_type} />
        <Select label="Since" clearable placeholder="The beginning" data={choices.map(([value, label]) => ({value, label}))} value={span} onChange={set_span} />
        {making.error && <Alert color="red">{as_problem(making.error).message}</Alert>}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>Back</Button>
          <Button loading={making.isPending} disabled={needs_endpoint && !endpoint_id} onClick={() => making.mutate()}>Begin</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
