import {Alert, Button, Group, Paper, Stack, Text, Title} from '@mantine/core';
import {AlertTriangle, Pencil} from 'lucide-react';
import {Link, useParams} from 'react-router-dom';

import {endpoint_name, useEndpoint} from '../../api/endpoints';
import type {Endpoint} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {StateBadge} from '../../parts/badges';
import {Copied} from '../../parts/copy';
import {duration} from '../../parts/duration';
import {Facts} from '../../parts/facts';
import {Heading} from '../../parts/heading';
import {Asked} from '../../parts/states';
import {Told, When} from '../../parts/when';
import {Traffic} from '../../parts/traffic';
import {usePlace} from '../../shell/environment_frame';
import {EndpointActions} from './endpoint_actions';
import {RecentDeliveries} from './recent_deliveries';
import {RotateSecret} from './rotate_secret';
import {TestPanel} from './test_panel';

function Condition({endpoint}: {endpoint: Endpoint}) {
  if (endpoint.state === 'active') return null;
  const {failing_since, next_probe_at} = endpoint.condition;
  const says = {
    paused: 'Paused by a person. Deliveries are parked; none is lost.',
    degraded: 'Too many attempts failed, so deliveries are parked and single probes look whether the receiver is back. The first that succeeds sends everything out.',
    disabled: 'Switched off. Deliveries are parked until it is enabled or recovered.',
  }[endpoint.state];
  return (
    <Alert color={endpoint.state === 'disabled' ? 'red' : endpoint.state === 'degraded' ? 'orange' : 'gray'} icon={<AlertTriangle size={18} />} title={`This endpoint is ${endpoint.state}`}>
      <Text size="sm">{says}</Text>
      {endpoint.state_reason && <Text size="sm" mt={4}>Why: <b><Told sentence={endpoint.state_reason} /></b></Text>}
      <Group gap="lg" mt={4}>
        {failing_since && <Text size="sm">Failing since <When at={failing_since} /></Text>}
        {next_probe_at && <Text size="sm">Next probe <When at={next_probe_at} relative /></Text>}
      </Group>
    </Alert>
  );
}

function Health({endpoint: {health, state, condition}}: {endpoint: Endpoint}) {
  return (
    <Paper p="md" component="section" aria-label="Health">
      <Title order={2} mb="sm">Health</Title>
      <Facts of={[
        ['State', <StateBadge state={state} />],
        ['Breaker', condition.breaker === 'open' ? 'Open: single probes alone go out' : 'Closed'],
        ['Failing since', <When at={condition.failing_since} />],
        ['Next probe', <When at={condition.next_probe_at} />],
        ['Breaker opens after', `${health.failures_min} failures, ${health.failure_percent_min} % of attempts, in ${duration(health.window_s ?? 0)}`],
        ['Disabled after', health.disable_after_s ? `${duration(health.disable_after_s)} of failure` : 'Never'],
      ]} />
    </Paper>
  );
}

function Settings({endpoint}: {endpoint: Endpoint}) {
  const {retry, rate_limit, auth} = endpoint;
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2}>Settings</Title>
        <AdminOnly><Group gap="xs">
          <RotateSecret endpoint={endpoint} />
          <Button component={Link} to="edit" size="xs" variant="default" leftSection={<Pencil size={14} />}>Edit</Button>
        </Group></AdminOnly>
      </Group>
      <Facts of={[
        ['Takes', endpoint.kind === 'operational' ? 'Operational news' : endpoint.event_types.join(', ')],
        ['Filter', endpoint.filter ? 'By payload' : 'None'],
        ['Success', endpoint.success === '200' ? '200 only' : 'Any 2xx'],
        ['Time limit', `${endpoint.timeout_ms / 1000} s`],
        ['Signature', endpoint.signatures.map(({scheme}) => scheme).join(', ') || 'None'],
        ['Authentication', auth.authType.replace('_', ' ')],
        ['Client certificate', endpoint.client_certificate ? endpoint.client_certificate.subject ?? 'Set' : 'None'],
        ['Tries', `${retry.schedule_s?.length ?? 0}, the last after ${duration((retry.schedule_s ?? []).reduce((sum, each) => sum + each, 0))}`],
        ['Retry on', retry.on === 'status' ? 'What may pass by itself' : 'Any failure'],
        ['Order', endpoint.order === 'uid' ? `By uid, holding up at most ${endpoint.order_wait_max_s ? duration(endpoint.order_wait_max_s) : 'as long as it takes'}` : 'None'],
        ['Rate limit', rate_limit ? `${rate_limit.per_second} a second` : 'None'],
        ['At once', `${endpoint.in_flight_max} requests`],
        ['Custom headers', Object.keys(endpoint.headers).join(', ') || 'None'],
        ['Endpoint id', <Copied text={endpoint.id} />],
      ]} />
    </Paper>
  );
}

export default function EndpointPage() {
  const {id = ''} = useParams();
  const {integration_id} = usePlace();
  const query = useEndpoint(id, integration_id);
  return (
    <Asked query={query}>
      {(endpoint) => (
        <>
          <Heading
            title={endpoint_name(endpoint)} back={[`/i/${integration_id}/endpoints`, 'Endpoints']} says={<Copied text={endpoint.url} />}
            shown={<Group gap="sm" component="span">{endpoint_name(endpoint)}<StateBadge state={endpoint.state} size="lg" /></Group>}
          >
            <EndpointActions endpoint={endpoint} />
          </Heading>
          <Stack>
            <Condition endpoint={endpoint} />
            <Health endpoint={endpoint} />
            <AdminOnly><TestPanel endpoint={endpoint} /></AdminOnly>
            <Traffic integration_id={integration_id} endpoint_id={endpoint.id} />
            <RecentDeliveries endpoint={endpoint} />
            <Settings endpoint={endpoint} />
          </Stack>
        </>
      )}
    </Asked>
  );
}
