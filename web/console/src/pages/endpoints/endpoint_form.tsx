// The form of an endpoint's settings, for a new one and for one that is there.
import {Alert, Button, Group, Paper, Stack, Text} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useDisclosure} from '@mantine/hooks';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {ChevronDown, ChevronUp} from 'lucide-react';
import {useState, type ReactNode} from 'react';
import {Link, useNavigate} from 'react-router-dom';

import {as_problem} from '../../api/client';
import type {Endpoint} from '../../api/shapes';
import {tell} from '../../parts/tell';
import styles from './endpoint_form.module.css';
import {Answer, Authentication, Filter, Headers, Health, Pace, Retries, Signatures, Target, type EndpointForm as Form} from './form_sections';
import {errors_of, values_of, type Settings} from './form_values';
import {in_short} from './in_short';
import {rules} from './rules';
import {SecretsOnce} from './secrets_once';
import {useTypeNames} from './test_panel';

export function useEndpointForm(settings: Settings): Form {
  return useForm({mode: 'controlled', initialValues: values_of(settings), validate: rules, validateInputOnChange: true});
}

// What is always in sight; the rest may be folded.
const essential = /^(url|description|event_types)\b/;

interface EndpointFormProps {
  form: Form;
  integration_id: string;
  kind: Endpoint['kind'];
  save: () => Promise<Endpoint>;
  named: {submit: string; done: string};
  back: string;
  is_short?: boolean; // begins with all but the essentials folded
  can_save?: boolean;
  children?: ReactNode; // after the essentials
}

export function EndpointForm({form, integration_id, kind, save, named, back, is_short = false, can_save = true, children}: EndpointFormProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const types = useTypeNames(integration_id);
  const [is_open, {open, toggle}] = useDisclosure(!is_short);
  const [saved, set_saved] = useState<Endpoint | null>(null);
  const leave = (endpoint: Endpoint) => navigate(`/i/${integration_id}/endpoints/${endpoint.id}`);
  const show_errors = (errors: Form['errors']) => {
    if (Object.keys(errors).some((path) => !essential.test(path))) open();
    tell('Not saved: look at the fields in red', 'red');
    const [first = ''] = Object.keys(errors);
    window.requestAnimationFrame(() => form.getInputNode(first)?.focus());
  };
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (endpoint) => {
      void queries.invalidateQueries({queryKey: ['endpoint', endpoint.id]});
      void queries.invalidateQueries({queryKey: ['endpoints']});
      tell(named.done);
      if (endpoint.signatures.some(({secret}) => secret && secret !== '***')) set_saved(endpoint);
      else leave(endpoint);
    },
    onError: (error) => {
      const errors = errors_of(as_problem(error));
      form.setErrors(errors);
      if (Object.keys(errors).length > 0) show_errors(errors);
    },
  });
  const refusal = saving.error && as_problem(saving.error);
  return (
    <form noValidate onSubmit={form.onSubmit(() => saving.mutate(), show_errors)}>
      <Stack>
        <Target form={form} types={types} kind={kind} />
        {children}
        {is_short && (
          <Paper p="md">
            <Group justify="space-between" gap="sm">
              <Text size="sm" c="dimmed" style={{flex: '1 1 300px'}}>{in_short(form.values)}</Text>
              <Button variant="default" size="xs" aria-expanded={is_open} onClick={toggle} rightSection={is_open ? <ChevronUp size={14} /> : <ChevronDown size={14} />}>{is_open ? 'Fewer settings' : 'All settings'}</Button>
            </Group>
          </Paper>
        )}
        {is_open && (
          <>
            {kind === 'events' && <Filter form={form} />}
            <Answer form={form} />
            <Authentication form={form} />
            <Signatures form={form} />
            <Retries form={form} />
            <Pace form={form} />
            <Health form={form} />
            <Headers form={form} />
          </>
        )}
        {refusal && refusal.errors.length === 0 && <Alert color="red" title={refusal.title}>{refusal.detail}</Alert>}
      </Stack>
      <Paper className={styles.bar} p="sm" shadow="md">
        <Text size="sm" c="dimmed" visibleFrom="sm">{is_short ? 'It can be tested before events arrive.' : can_save ? 'There are changes.' : 'Nothing is changed.'}</Text>
        <Group gap="xs" ml="auto" wrap="nowrap">
          <Button variant="default" component={Link} to={back}>Back</Button>
          <Button type="submit" disabled={!can_save} loading={saving.isPending}>{named.submit}</Button>
        </Group>
      </Paper>
      <SecretsOnce endpoint={saved} close={() => saved && leave(saved)} />
    </form>
  );
}
