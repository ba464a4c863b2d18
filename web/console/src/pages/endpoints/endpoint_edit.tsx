import {Button, Group, Paper, Stack, Text} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {Link, useNavigate, useParams} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {endpoint_name, useEndpoint} from '../../api/endpoints';
import type {Endpoint} from '../../api/shapes';
import {Heading} from '../../parts/heading';
import {Asked} from '../../parts/states';
import {tell} from '../../parts/tell';
import {usePlace} from '../../shell/environment_frame';
import {Answer, Authentication, Headers, Health, Pace, Retries, Signatures, Target} from './form_sections';
import {changes_of, errors_of, values_of} from './form_values';
import styles from './endpoint_edit.module.css';
import {rules} from './rules';
import {SecretsOnce} from './secrets_once';
import {useTypeNames} from './test_panel';

function Form({endpoint}: {endpoint: Endpoint}) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const types = useTypeNames(endpoint.integration_id);
  const [saved, set_saved] = useState<Endpoint | null>(null);
  const form = useForm({mode: 'controlled', initialValues: values_of(endpoint), validate: rules, validateInputOnChange: true});
  const page = `/i/${endpoint.integration_id}/endpoints/${endpoint.id}`;
  const saving = useMutation({
    mutationFn: () => body(api.PATCH('/v1/endpoints/{id}', {params: {path: {id: endpoint.id}, query: {integration_id: endpoint.integration_id}}, body: changes_of(form.values, endpoint)})),
    onSuccess: (made) => {
      void queries.invalidateQueries({queryKey: ['endpoint', endpoint.id]});
      void queries.invalidateQueries({queryKey: ['endpoints']});
      tell('Saved');
      if (made.signatures.some(({secret}) => secret && secret !== '***')) set_saved(made);
      else navigate(page);
    },
    onError: (error) => {
      const problem = as_problem(error);
      form.setErrors(errors_of(problem));
      tell(problem.errors.length > 0 ? 'Not saved: look at the fields in red' : problem.message, 'red');
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit(() => saving.mutate(), () => tell('Not saved: look at the fields in red', 'red'))}>
      <Stack>
        <Target form={form} types={types} kind={endpoint.kind} />
        <Answer form={form} />
        <Authentication form={form} />
        <Signatures form={form} />
        <Retries form={form} />
        <Pace form={form} />
        <Health form={form} />
        <Headers form={form} />
      </Stack>
      <Paper className={styles.bar} p="sm" shadow="md">
        <Text size="sm" c="dimmed">{form.isDirty() ? 'There are changes.' : 'Nothing is changed.'}</Text>
        <Group gap="xs">
          <Button variant="default" component={Link} to={page}>Back</Button>
          <Button type="submit" disabled={!form.isDirty()} loading={saving.isPending}>Save</Button>
        </Group>
      </Paper>
      <SecretsOnce endpoint={saved} close={() => navigate(page)} />
    </form>
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
          <Form key={endpoint.config_version} endpoint={endpoint} />
        </>
      )}
    </Asked>
  );
}
