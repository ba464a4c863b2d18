import {Button, Stack, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {DeadLink, DoorFrame, useLinkToken, NewPassword, password_rule, Refusal} from './door_frame';

/** The first admin, by the link that the server's first start prints. */
export default function SetupFirst() {
  const token = useLinkToken();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    mode: 'controlled',
    initialValues: {name: '', email: '', password: ''},
    validateInputOnBlur: true,
    validate: {
      name: (value) => (value.trim() ? null : 'What your colleagues call you'),
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'An address such as anna@example.com'),
      password: password_rule,
    },
  });
  const making = useMutation({
    mutationFn: ({name, email, password}: typeof form.values) => body(api.POST('/v1/auth/setup', {body: {token, name: name.trim(), email: email.trim(), password}})),
    onSuccess: (me) => { queries.clear(); queries.setQueryData(['me'], me); navigate('/', {replace: true}); },
  });
  if (!token || as_problem(making.error).status === 410) return <DoorFrame title="This link does not work any more"><DeadLink /></DoorFrame>;
  return (
    <DoorFrame title="Welcome to Posthorn" says="Make yourself the first admin. You can invite others afterwards.">
      <form noValidate onSubmit={form.onSubmit((values) => making.mutate(values))}>
        <Stack>
          <TextInput label="Name" autoComplete="name" required data-autofocus {...form.getInputProps('name')} />
          <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
          <NewPassword label="Password" {...form.getInputProps('password')} />
          <Refusal error={making.error} />
          <Button type="submit" size="md" loading={making.isPending}>Begin</Button>
        </Stack>
      </form>
    </DoorFrame>
  );
}
