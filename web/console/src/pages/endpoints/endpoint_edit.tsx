import {Button, Group, Paper, Text} from '@mantine/core';
import {useParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {endpoint_name, useEndpoint, useEndpointPresets} from '../../api/endpoints';
import type {Endpoint} from '../../api/shapes';
import {Heading} from '../../parts/heading';
import {Asked} from '../../parts/states';
import {usePlace} from '../../shell/environment_frame';
import {presets as described} from '../deployments/presets';
import {EndpointForm, useEndpointForm} from './endpoint_form';
import {changes_of, filled_in} from './form_values';

function Edit({endpoint}: {endpoint: Endpoint}) {
  const {id, integration_id, kind} = endpoint;
  const form = useEndpointForm(endpoint);
  const presets = useEndpointPresets(integration_id).data?.data ?? [];
  return (
    <EndpointForm
      form={form} integration_id={integration_id} kind={kind} back={`/i/${integration_id}/endpoints/${id}`} can_save={form.isDirty()} named={{submit: 'Save', done: 'Saved'}}
      save={() => body(api.PATCH('/v1/endpoints/{id}', {params: {path: {id}, query: {integration_id}}, body: changes_of(form.values, endpoint)}))}
    >
      <Paper p="md">
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" style={{flex: '1 1 300px'}}>Made from the preset {described[endpoint.preset ?? 'assessment'].name}. A preset fills in what counts as delivered, signature, retries and order.</Text>
          <Group gap="xs">
            {presets.map((each) => <Button key={each.preset} size="xs" variant="default" onClick={() => form.setValues(filled_in(form.values, each, presets))}>Fill in {described[each.preset].name}</Button>)}
          </Group>
        </Group>
      </Paper>
    </EndpointForm>
  );
}

export default function EndpointEdit() {
  const {id = ''} = useParams();
  const {integration_id} = usePlace();
  const query = useEndpoint(id, integration_id, false);
  return (
    <Asked query={query}>
      {(endpoint) => (
        <>
          <Heading title={`Settings of ${endpoint_name(endpoint)}`} back={[`/i/${integration_id}/endpoints/${id}`, endpoint_name(endpoint)]} says="They hold from the next attempt on." />
          <Edit key={endpoint.config_version} endpoint={endpoint} />
        </>
      )}
    </Asked>
  );
}
