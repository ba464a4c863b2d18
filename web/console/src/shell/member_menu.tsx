import {Avatar, Group, Menu, Text, UnstyledButton} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {ChevronDown, LogOut, Settings} from 'lucide-react';
import {Link, useNavigate} from 'react-router-dom';

import {api, as_problem} from '../api/client';
import {useMember} from '../api/member';
import {tell} from '../parts/tell';

export function MemberMenu() {
  const {member, company} = useMember();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const log_out = () => {
    api.POST('/v1/auth/logout').then(() => { navigate('/login'); queries.clear(); }, (error: unknown) => tell(as_problem(error).message, 'red'));
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={`${member.name}, your account`}>
          <Group gap={7} wrap="nowrap">
            <Avatar name={member.name} color="post" size={30} radius="xl" />
            <Text span size="sm" fw={500} visibleFrom="sm">{member.name}</Text><ChevronDown size={14} aria-hidden />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{member.email}<br />{member.role === 'admin' ? 'Admin' : 'Viewer: you may read'} at {company.name}</Menu.Label>
        <Menu.Item component={Link} to="/settings" leftSection={<Settings size={15} />}>Settings</Menu.Item>
        <Menu.Item onClick={log_out} leftSection={<LogOut size={15} />}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
