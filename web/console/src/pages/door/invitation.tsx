import {Button, Loader, Stack, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';
import {useMutation, useQuery, useQueryClient} from '@tanstack/react-query';
import {useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {DeadLink, DoorFrame, useLinkToken, NewPassword, password_rule, Refusal} from './door_frame';

export default function Invitation() {
  const token = useLinkToken();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    mode: 'controlled',
    initialValues: {name: '', password: ''},
    validateInputOnBlur: true,
    validate: {name: (value) => (value.trim() ? null : 'What your colleagues call you'), password: password_rule},
  });
  const accepting = useMutation({
    mutationFn: ({name, password}: typeof form.values) => body(api.POST('/v1/auth/accept', {body: {token, name: name.trim(), password}})),
    onSuccess: (me) => { queries.clear(); queries.setQueryData(['me'], me); navigate('/', {replace: true}); },
  });
  // Not once it is accepted: the link is used then.
  const shown = useQuery({queryKey: ['invitation', token], queryFn: () => body(api.POST('/v1/auth/invitation', {body: {token}})), enabled: token !== '' && accepting.isIdle, staleTime: Infinity});
  const is_dead = !token || [shown.error, accepting.error].some((error) => error && [404, 410, 422].includes(as_problem(error).status) && as_problem(error).errors.length === 0);
  if (is_dead) return <DoorFrame title="This invitation does not work any more"><DeadLink /></DoorFrame>;
  if (!shown.data) return <DoorFrame title="Your invitation">{shown.error ? <Refusal error={shown.error} /> : <Loader aria-label="Loading" />}</DoorFrame>;
  const {company, email, role} = shown.data;
  return (
    <DoorFrame title={`Join ${company.name}`} says={<>As {role === 'admin' ? 'an admin' : 'a viewer, who may read everything and change nothing'}, with <b>{email}</b>.</>}>
      <form noValidate onSubmit={form.onSubmit((values) => accepting.mutate(values))}>
        <Stack>
          <TextInput label="Name" autoComplete="name" required data-autofocus {...form.getInputProps('name')} />
          <input type="hidden" autoComplete="username" value={email} readOnly />
          <NewPassword label="Password" {...form.getInputProps('password')} />
          <Refusal error={accepting.error} />
          <Button type="submit" size="md" loading={accepting.isPending}>Join</Button>
        </Stack>
      </form>
    </DoorFrame>
  );
}
