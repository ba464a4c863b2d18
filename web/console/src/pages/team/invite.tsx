import {Button, Group, Modal, Radio, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';

import {api, body} from '../../api/client';
import {useMember, type Invitation, type Member} from '../../api/member';
import {Copied} from '../../parts/copy';
import {tell} from '../../parts/tell';
import {Refusal} from '../door/door_frame';

export interface MadeLink {email: string; link: string; lasts: string}

/** Of an invitation whose answer has a link. */
export const link_of = ({email, link}: Invitation): MadeLink | null => (link ? {email, link, lasts: '24 hours'} : null);

/** Where no mail server is configured, the link is handed over by hand; no later answer has it. */
export function LinkOnce({made, close}: {made: MadeLink | null; close: () => void}) {
  return (
    <Modal opened={made !== null} onClose={close} title={`The link for ${made?.email ?? ''}`} closeOnClickOutside={false}>
      <Stack>
        <Text size="sm">No mail server is configured, so hand it over yourself. It is shown this once, works once, and for {made?.lasts}.</Text>
        {made && <Copied text={made.link} label="Copy the link" />}
        <Group justify="flex-end"><Button onClick={close}>Done</Button></Group>
      </Stack>
    </Modal>
  );
}

export function Invite({is_open, close}: {is_open: boolean; close: () => void}) {
  const {smtp} = useMember();
  const queries = useQueryClient();
  const [email, set_email] = useState('');
  const [role, set_role] = useState<Member['role']>('viewer');
  const [made, set_made] = useState<MadeLink | null>(null);
  const inviting = useMutation({
    mutationFn: () => body(api.POST('/v1/invitations', {body: {email: email.trim(), role}})),
    onSuccess: (invitation) => {
      void queries.invalidateQueries({queryKey: ['invitations']});
      set_email('');
      close();
      if (invitation.link) set_made(link_of(invitation));
      else tell(invitation.mailed ? `Mailed to ${invitation.email}` : `The mail to ${invitation.email} was not taken: send it again later`, invitation.mailed ? 'teal' : 'red');
    },
  });
  return (
    <>
      <Modal opened={is_open} onClose={() => { inviting.reset(); close(); }} title="Invite somebody">
        <form onSubmit={(event) => { event.preventDefault(); inviting.mutate(); }}>
          <Stack>
            <TextInput label="E-mail" type="email" required data-autofocus value={email} onChange={(event) => set_email(event.currentTarget.value)} />
            <Radio.Group label="Role" value={role} onChange={(value) => set_role(value === 'admin' ? 'admin' : 'viewer')}>
              <Stack gap="xs" mt="xs"><Radio value="viewer" label="Viewer" description="Reads everything, changes nothing" /><Radio value="admin" label="Admin" description="Changes everything, members too" /></Stack>
            </Radio.Group>
            <Text size="xs" c="dimmed">{smtp ? 'A link is mailed that works once, for 24 hours.' : 'No mail server is configured: you get a link to hand over.'}</Text>
            <Refusal error={inviting.error} />
            <Group justify="flex-end"><Button type="submit" loading={inviting.isPending} disabled={!email.trim()}>Invite</Button></Group>
          </Stack>
        </form>
      </Modal>
      <LinkOnce made={made} close={() => set_made(null)} />
    </>
  );
}
