import {Alert, Button, Group, Paper, Radio, SegmentedControl, Stack, TagsInput, Text, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {Link, useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import type {Endpoint, Preset} from '../../api/shapes';
import {Heading} from '../../parts/heading';
import {usePlace} from '../../shell/environment_frame';
import {presets} from '../deployments/presets';
import {errors_of} from './form_values';
import {types_rule, url_rule} from './rules';
import {SecretsOnce} from './secrets_once';
import {useTypeNames} from './test_panel';

export default function EndpointNew() {
  const {integration_id, deployment, environment} = usePlace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const types = useTypeNames(integration_id);
  const [made, set_made] = useState<Endpoint | null>(null);
  const form = useForm({
    mode: 'controlled',
    validateInputOnChange: true,
    initialValues: {url: '', description: '', preset: deployment.preset ?? 'assessment', kind: 'events' as Endpoint['kind'], event_types: ['*']},
    validate: {url: url_rule, event_types: (value, {kind}) => (kind === 'events' ? types_rule(value) : null)},
  });
  const is_news = form.values.kind === 'operational';
  const making = useMutation({
    mutationFn: () => {
      const {event_types, ...values} = form.values;
      return body(api.POST('/v1/endpoints', {body: {...values, integration_id, ...(is_news ? {} : {event_types})}}));
    },
    onSuccess: (endpoint) => {
      void queries.invalidateQueries({queryKey: ['endpoints']});
      if (endpoint.signatures.some(({secret}) => secret)) set_made(endpoint);
      else navigate(`/i/${integration_id}/endpoints/${endpoint.id}`);
    },
    onError: (error) => form.setErrors(errors_of(as_problem(error))),
  });
  return (
    <>
      <Heading title="New endpoint" back={[`/i/${integration_id}/endpoints`, 'Endpoints']} says={`In ${environment}. Everything else can be set afterwards, and tested before events arrive.`} />
      <form noValidate onSubmit={form.onSubmit(() => making.mutate())}>
        <Paper p="lg" maw={760}>
          <Stack>
            <TextInput label="URL" description="The receiver’s address" placeholder="https://example.com/webhooks" required data-autofocus {...form.getInputProps('url')} />
            <TextInput label="Description" description="What your team calls it" maxLength={500} {...form.getInputProps('description')} />
            <div>
              <Text size="sm" fw={500} mb={4}>Takes</Text>
              <SegmentedControl aria-label="Takes" data={[{value: 'events', label: 'Events'}, {value: 'operational', label: 'Operational news'}]} {...form.getInputProps('kind')} />
            </div>
            {!is_news && <TagsInput label="Event types" description="Exact names, prefix.* or * for all" data={['*', ...types]} splitChars={[',', ' ']} {...form.getInputProps('event_types')} />}
            <Radio.Group label="Preset" description="What its settings begin with" value={form.values.preset} onChange={(value) => form.setFieldValue('preset', value as Preset)}>
              <Stack gap="sm" mt="xs">{Object.entries(presets).map(([key, {name, says}]) => <Radio key={key} value={key} label={name} description={says} />)}</Stack>
            </Radio.Group>
            {making.error && Object.keys(form.errors).length === 0 && <Alert color="red">{as_problem(making.error).message}</Alert>}
            <Group justify="flex-end">
              <Button variant="default" component={Link} to={`/i/${integration_id}/endpoints`}>Cancel</Button>
              <Button type="submit" loading={making.isPending}>Create</Button>
            </Group>
          </Stack>
        </Paper>
      </form>
      <SecretsOnce endpoint={made} close={() => made && navigate(`/i/${integration_id}/endpoints/${made.id}`)} />
    </>
  );
}
