import {Badge, Button, Group, Menu, Select, Stack, Text, Title} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useState} from 'react';
import {MailPlus, Users} from 'lucide-react';

import {api, body} from '../../api/client';
import {useMember, useMayChange, type Invitation, type Member} from '../../api/member';
import {usePages} from '../../api/pages';
import {Act} from '../../parts/act';
import {AdminOnly} from '../../parts/admin_only';
import {Heading} from '../../parts/heading';
import {Empty} from '../../parts/states';
import {PagedTable, type Column} from '../../parts/table';
import {When} from '../../parts/when';
import {Invite, link_of, LinkOnce, type MadeLink} from './invite';

function RoleBadge({role}: {role: Member['role']}) {
  return <Badge variant="light" color={role === 'admin' ? 'post' : 'gray'} radius="sm" tt="none">{role}</Badge>;
}

function MemberActs({of, show_link}: {of: Member; show_link: (made: MadeLink) => void}) {
  const {member: self, smtp} = useMember();
  const params = {params: {path: {id: of.id}}};
  const touches = [['members'], ['me']];
  const other = of.role === 'admin' ? 'viewer' : 'admin';
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target><Button size="compact-xs" variant="default">Manage</Button></Menu.Target>
      <Menu.Dropdown p="xs">
        <Stack gap={6}>
          <Act fullWidth ask={() => body(api.PATCH('/v1/members/{id}', {...params, body: {role: other}}))} touches={touches} done={`${of.name} is ${other} now`} sure={{title: `Make ${of.name} ${other === 'admin' ? 'an admin' : 'a viewer'}?`, says: other === 'admin' ? 'Admins may change everything, members too.' : 'Viewers read everything and change nothing.'}}>Make {other}</Act>
          <Act fullWidth ask={() => body(api.POST('/v1/members/{id}/end-sessions', params))} touches={touches} done="Logged out everywhere" sure={{title: `Log ${of.name} out everywhere?`, says: 'All sessions end at once.'}}>End sessions</Act>
          {!smtp && of.id !== self.id && (
            <Act
              fullWidth ask={() => body(api.POST('/v1/members/{id}/reset-link', params))} touches={touches} then={({link}) => show_link({email: of.email, link, lasts: 'an hour'})} done="Made: hand the link over"
              sure={{title: `Make a password link for ${of.name}?`, says: 'Whoever opens it sets a new password, and all other sessions end. The audit tells that you made it.'}}
            >
              Make a password link
            </Act>
          )}
          <Act fullWidth color="red" variant="subtle" ask={() => body(api.DELETE('/v1/members/{id}', params))} touches={touches} done="Removed" sure={{title: `Remove ${of.id === self.id ? 'yourself' : of.name}?`, says: 'The account goes, and its sessions end at once.'}}>Remove</Act>
        </Stack>
      </Menu.Dropdown>
    </Menu>
  );
}

function Invitations() {
  const [resent, set_resent] = useState<MadeLink | null>(null);
  const pages = usePages(['invitations'], (read) => body(api.GET('/v1/invitations', {params: {query: read}})), {limit: 25});
  const columns: Column<Invitation>[] = [
    {title: 'E-mail', wide: true, cell: (row) => row.email},
    {title: 'Role', cell: (row) => <RoleBadge role={row.role} />},
    {title: 'State', cell: (row) => <Badge variant="light" color={row.state === 'open' ? 'blue' : row.state === 'accepted' ? 'teal' : 'gray'} radius="sm" tt="none">{row.state}</Badge>},
    {title: 'Ends', right: true, cell: (row) => <When at={row.expires_at} />},
    {title: '', right: true, cell: (row) => row.state !== 'accepted' && (
      <Group gap={4} wrap="nowrap" justify="flex-end">
        <Act size="compact-xs" ask={() => body(api.POST('/v1/invitations/{id}/resend', {params: {path: {id: row.id}}}))} touches={[['invitations']]} then={(made) => set_resent(link_of(made))} done="Sent again: the link before is dead">Send again</Act>
        <Act size="compact-xs" color="red" variant="subtle" ask={() => body(api.DELETE('/v1/invitations/{id}', {params: {path: {id: row.id}}}))} touches={[['invitations']]} done="Taken back">Take back</Act>
      </Group>
    )},
  ];
  return (
    <>
      <PagedTable label="Invitations" pages={pages} columns={columns} row_key={(row) => row.id} empty={<Empty icon={MailPlus} title="Nobody is invited">An invitation’s link works once, for 24 hours.</Empty>} />
      <LinkOnce made={resent} close={() => set_resent(null)} />
    </>
  );
}

export default function Team() {
  const {member: self, company} = useMember();
  const may_change = useMayChange();
  const [is_open, {open, close}] = useDisclosure();
  const [role, set_role] = useState<string | null>(null);
  const [link, set_link] = useState<MadeLink | null>(null);
  const pages = usePages(['members'], (read) => body(api.GET('/v1/members', {params: {query: read}})), {limit: 500});
  const columns: Column<Member>[] = [
    {title: 'Name', wide: true, cell: (row) => <Text span size="sm" fw={550}>{row.name}{row.id === self.id && <Text span size="sm" c="dimmed"> (you)</Text>}</Text>},
    {title: 'E-mail', cell: (row) => row.email},
    {title: 'Role', cell: (row) => <RoleBadge role={row.role} />},
    {title: 'Last login', right: true, cell: (row) => (row.last_login_at ? <When at={row.last_login_at} /> : 'never')},
    ...(may_change ? [{title: '', right: true, cell: (row: Member) => <MemberActs of={row} show_link={set_link} />}] : []),
  ];
  const shown = {...pages, rows: pages.rows?.filter((row) => !role || row.role === role)};
  return (
    <>
      <Heading title="Team" says={`The members of ${company.name}.`}>
        <Select aria-label="Role" placeholder="Any role" clearable w={130} data={['admin', 'viewer']} value={role} onChange={set_role} />
        <AdminOnly><Button leftSection={<MailPlus size={16} />} onClick={open}>Invite</Button></AdminOnly>
      </Heading>
      <PagedTable label="Members" pages={shown} columns={columns} row_key={(row) => row.id} empty={<Empty icon={Users} title="Nobody" />} />
      <AdminOnly><Title order={2} mt="xl" mb="xs">Invitations</Title><Invitations /></AdminOnly>
      <Invite is_open={is_open} close={close} />
      <LinkOnce made={link} close={() => set_link(null)} />
    </>
  );
}
