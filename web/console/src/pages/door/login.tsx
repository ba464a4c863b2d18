import {Anchor, Button, PasswordInput, Stack, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {Link, useNavigate, useSearchParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import {DoorFrame, Refusal} from './door_frame';

export default function Login() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [email, set_email] = useState('');
  const [password, set_password] = useState('');
  const entering = useMutation({
    mutationFn: () => body(api.POST('/v1/auth/login', {body: {email: email.trim(), password}})),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(['me'], me);
      const next = params.get('next');
      // A place within the console, never another address.
      navigate(next?.startsWith('/') && !next.startsWith('//') ? next : '/', {replace: true});
    },
  });
  return (
    <DoorFrame title="Log in" says="To the webhook console of your company.">
      <form onSubmit={(event) => { event.preventDefault(); entering.mutate(); }}>
        <Stack>
          <TextInput label="E-mail" type="email" autoComplete="username" required value={email} onChange={(event) => set_email(event.currentTarget.value)} data-autofocus />
          <PasswordInput label="Password" autoComplete="current-password" required value={password} onChange={(event) => set_password(event.currentTarget.value)} />
          <Refusal error={entering.error} />
          <Button type="submit" size="md" loading={entering.isPending} disabled={!email || !password}>Log in</Button>
          <Anchor component={Link} to="/reset" size="sm" ta="center">Forgot your password?</Anchor>
        </Stack>
      </form>
    </DoorFrame>
  );
}
