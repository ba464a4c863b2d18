import {Alert, Anchor, Button, Stack, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {MailCheck} from 'lucide-react';
import {useState} from 'react';
import {Link, useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {DeadLink, DoorFrame, useLinkToken, NewPassword, password_rule, Refusal} from './door_frame';

function AskForLink() {
  const [email, set_email] = useState('');
  const asking = useMutation({mutationFn: async () => { await api.POST('/v1/auth/reset', {body: {email: email.trim()}}); }});
  return (
    <DoorFrame title="Reset your password" says="A link to set a new one is mailed to you. It works once, for an hour.">
      {asking.isSuccess ? <Alert color="teal" icon={<MailCheck size={18} />}>If a member has this address, a mail is on its way. Nothing comes? Ask an admin of your company.</Alert> : (
        <form onSubmit={(event) => { event.preventDefault(); asking.mutate(); }}>
          <Stack>
            <TextInput label="E-mail" type="email" autoComplete="username" required value={email} onChange={(event) => set_email(event.currentTarget.value)} data-autofocus />
            <Refusal error={asking.error} />
            <Button type="submit" size="md" loading={asking.isPending} disabled={!email}>Mail me a link</Button>
          </Stack>
        </form>
      )}
      <Anchor component={Link} to="/login" size="sm" ta="center">Back to the login</Anchor>
    </DoorFrame>
  );
}

function SetPassword({token}: {token: string}) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [password, set_password] = useState('');
  const setting = useMutation({
    mutationFn: () => body(api.POST('/v1/auth/reset/confirm', {body: {token, password}})),
    onSuccess: (me) => { queries.clear(); queries.setQueryData(['me'], me); navigate('/', {replace: true}); },
  });
  if (as_problem(setting.error).status === 410) return <DoorFrame title="This link does not work any more"><DeadLink /></DoorFrame>;
  return (
    <DoorFrame title="Set a new password" says="You are logged out everywhere else.">
      <form onSubmit={(event) => { event.preventDefault(); setting.mutate(); }}>
        <Stack>
          <NewPassword label="New password" value={password} onChange={(event) => set_password(event.currentTarget.value)} error={password && password_rule(password)} data-autofocus />
          <Refusal error={setting.error} />
          <Button type="submit" size="md" loading={setting.isPending} disabled={password_rule(password) !== null}>Set it</Button>
        </Stack>
      </form>
    </DoorFrame>
  );
}

/** With a link's token to set a password, without one to ask for a link. */
export default function Reset() {
  const token = useLinkToken();
  return token ? <SetPassword key={token} token={token} /> : <AskForLink />;
}
