import {Button, Group, Paper, PasswordInput, SegmentedControl, Stack, Switch, Text, TextInput, Title, useMantineColorScheme} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {useMember} from '../../api/member';
import {Heading} from '../../parts/heading';
import {tell} from '../../parts/tell';
import {NewPassword, password_rule, Refusal} from '../door/door_frame';

function Profile() {
  const {member, smtp} = useMember();
  const queries = useQueryClient();
  const form = useForm({mode: 'controlled', initialValues: {name: member.name, notices: member.notices}, validate: {name: (value) => (value.trim() ? null : 'A name is needed')}});
  const saving = useMutation({
    mutationFn: (values: typeof form.values) => body(api.PATCH('/v1/auth/me', {body: values})),
    onSuccess: (me) => { queries.setQueryData(['me'], me); form.resetDirty(); tell('Saved'); },
    onError: (error) => tell(as_problem(error).message, 'red'),
  });
  return (
    <Paper p="md">
      <Title order={2} mb="sm">You</Title>
      <form noValidate onSubmit={form.onSubmit((values) => saving.mutate(values))}>
        <Stack maw={460}>
          <TextInput label="Name" maxLength={120} {...form.getInputProps('name')} />
          <TextInput label="E-mail" value={member.email} readOnly description="Ask an admin to invite you anew for another" />
          <Switch label="Mail me when an endpoint fails or recovers" description={smtp ? 'At most one mail an hour for each endpoint' : 'No mail server is configured, so none is sent now'} {...form.getInputProps('notices', {type: 'checkbox'})} />
          <Group><Button type="submit" disabled={!form.isDirty()} loading={saving.isPending}>Save</Button></Group>
        </Stack>
      </form>
    </Paper>
  );
}

function Password() {
  const {member} = useMember();
  const form = useForm({mode: 'controlled', initialValues: {current: '', new: ''}, validateInputOnBlur: true, validate: {current: (value) => (value ? null : 'Needed'), new: password_rule}});
  const changing = useMutation({
    mutationFn: async (values: typeof form.values) => { await api.POST('/v1/auth/password', {body: values}); },
    onSuccess: () => { form.reset(); tell('Changed: your other sessions have ended'); },
  });
  return (
    <Paper p="md">
      <Title order={2} mb="sm">Password</Title>
      <form noValidate onSubmit={form.onSubmit((values) => changing.mutate(values))}>
        <Stack maw={460}>
          <input type="hidden" autoComplete="username" value={member.email} readOnly />
          <PasswordInput label="Present password" autoComplete="current-password" {...form.getInputProps('current')} />
          <NewPassword label="New password" {...form.getInputProps('new')} />
          <Refusal error={changing.error} />
          <Group><Button type="submit" loading={changing.isPending} disabled={!form.isDirty()}>Change</Button></Group>
        </Stack>
      </form>
    </Paper>
  );
}

function Sessions() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const ending = useMutation({
    mutationFn: async () => { await api.POST('/v1/auth/logout-all'); },
    onSuccess: () => { navigate('/login'); queries.clear(); },
    onError: (error) => tell(as_problem(error).message, 'red'),
  });
  return (
    <Paper p="md">
      <Title order={2} mb={4}>Sessions</Title>
      <Text size="sm" c="dimmed" mb="sm">Ends every session of yours, on every device, this one too.</Text>
      <Button variant="light" color="red" loading={ending.isPending} onClick={() => ending.mutate()}>Log out everywhere</Button>
    </Paper>
  );
}

function Colours() {
  const {colorScheme, setColorScheme} = useMantineColorScheme();
  return (
    <Paper p="md">
      <Title order={2} mb="sm">Colours</Title>
      <SegmentedControl aria-label="Colours" value={colorScheme} onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')} data={[{value: 'auto', label: 'As the device'}, {value: 'light', label: 'Light'}, {value: 'dark', label: 'Dark'}]} />
    </Paper>
  );
}

export default function Settings() {
  return <><Heading title="Settings" says="Your own account." /><Stack><Profile /><Password /><Colours /><Sessions /></Stack></>;
}
