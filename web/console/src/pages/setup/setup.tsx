// The settings of one environment of a deployment.
import {Button, Group, Modal, Paper, Stack, Tabs, Text, TextInput, Title} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate, useSearchParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {endpoint_name, useEndpoints} from '../../api/endpoints';
import {AdminOnly} from '../../parts/admin_only';
import {Act} from '../../parts/act';
import {StateBadge} from '../../parts/badges';
import {Copied} from '../../parts/copy';
import {Facts} from '../../parts/facts';
import {Heading} from '../../parts/heading';
import {Asked, Empty} from '../../parts/states';
import {Table} from '../../parts/table';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {presets} from '../deployments/presets';
import {AssessmentForm} from './assessment_form';
import {BrandingForm} from './branding_form';
import {Keys} from './keys';
import {RetentionForm} from './retention_form';

export function useIntegration(integration_id: string) {
  return useQuery({
    queryKey: ['integration', integration_id],
    queryFn: () => body(api.GET('/v1/integrations/{integration_id}', {params: {path: {integration_id}}})),
  });
}

function Rename() {
  const {deployment} = usePlace();
  const [is_open, {open, close}] = useDisclosure();
  const [name, set_name] = useState(deployment.name);
  const params = {params: {path: {id: deployment.id}}};
  return (
    <>
      <Button size="xs" variant="default" onClick={() => { set_name(deployment.name); open(); }}>Rename</Button>
      <Modal opened={is_open} onClose={close} title="Rename the deployment">
        <Stack>
          <TextInput label="Name" maxLength={120} value={name} onChange={(event) => set_name(event.currentTarget.value)} data-autofocus />
          <Group justify="flex-end">
            <Act size="sm" variant="filled" disabled={!name.trim()} ask={() => body(api.PATCH('/v1/deployments/{id}', {...params, body: {name: name.trim()}}))} touches={[['deployments']]} done="Renamed" then={close}>Rename</Act>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function Remove() {
  const {deployment} = usePlace();
  const navigate = useNavigate();
  return (
    <Act
      color="red" variant="light" ask={() => body(api.DELETE('/v1/deployments/{id}', {params: {path: {id: deployment.id}}}))} touches={[['deployments']]}
      done="Deleted" then={() => navigate('/deployments')} sure={{title: `Delete ${deployment.name}?`, says: 'Both of its environments go. It is refused while it has endpoints; its events stay until their retention ends.'}}
    >
      Delete
    </Act>
  );
}

function Receivers() {
  const {integration_id} = usePlace();
  const query = useEndpoints(integration_id);
  return (
    <Asked query={query} lines={3}>
      {({data}) => (
        <Paper style={{overflow: 'hidden'}}>
          {data.length === 0 ? <Empty title="No endpoint yet">Events are kept as unrouted until there is one.</Empty> : (
            <Table
              label="Webservice endpoints" rows={data} row_key={(row) => row.id} to={(row) => `/i/${integration_id}/endpoints/${row.id}`}
              columns={[{title: 'Endpoint', wide: true, cell: endpoint_name}, {title: 'URL', optional: true, cell: (row) => <Text span size="sm" c="dimmed">{row.url}</Text>}, {title: 'State', cell: (row) => <StateBadge state={row.state} />}]}
            />
          )}
        </Paper>
      )}
    </Asked>
  );
}

export default function Setup() {
  const {integration_id, deployment, environment} = usePlace();
  const query = useIntegration(integration_id);
  const [params, set_params] = useSearchParams();
  return (
    <>
      <Heading title="Setup" shown={deployment.name} says={`Settings of ${environment}. Nothing set here shows in the other environment.`}><AdminOnly><Rename /></AdminOnly><Remove /></Heading>
      <Asked query={query}>
        {(integration) => (
          <Tabs value={params.get('part') ?? 'access'} onChange={(part) => set_params(part ? {part} : {}, {replace: true})} keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="access">Access</Tabs.Tab>
              <Tabs.Tab value="assessment">Assessment</Tabs.Tab>
              <Tabs.Tab value="branding">Branding</Tabs.Tab>
              <Tabs.Tab value="retention">Retention</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="access">
              <Stack>
                <Paper p="md"><Facts of={[['Integration id', <Copied text={integration_id} />], ['Preset', presets[deployment.preset ?? 'assessment'].name], ['Deployment id', <Copied text={deployment.id} />], ['Created', <When at={deployment.created_at} />]]} /></Paper>
                <Keys integration={integration} />
                <section><Title order={2} mb="xs">Webservice endpoints</Title><Receivers /></section>
              </Stack>
            </Tabs.Panel>
            <Tabs.Panel value="assessment"><AssessmentForm key={integration_id} integration={integration} /></Tabs.Panel>
            <Tabs.Panel value="branding"><BrandingForm key={integration_id} integration={integration} /></Tabs.Panel>
            <Tabs.Panel value="retention"><RetentionForm key={integration_id} integration={integration} /></Tabs.Panel>
          </Tabs>
        )}
      </Asked>
    </>
  );
}
