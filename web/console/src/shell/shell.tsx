import {ActionIcon, AppShell, Burger, Group, Text, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Moon, Sun} from 'lucide-react';
import {useEffect} from 'react';
import {Link, Outlet, useLocation} from 'react-router-dom';

import {useMember} from '../api/member';
import icon from '../icon.svg';
import {MemberMenu} from './member_menu';
import {Navigation} from './navigation';
import {NewsCorner} from './news';
import styles from './shell.module.css';

function SchemeSwitch() {
  const {setColorScheme} = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <Tooltip label={`Switch to ${other}`}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Switch to ${other}`} onClick={() => setColorScheme(other)}>
        {scheme === 'light' ? <Moon size={18} /> : <Sun size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

export function Shell() {
  const {company} = useMember();
  const [is_open, {toggle, close}] = useDisclosure();
  const {pathname} = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell header={{height: 54}} navbar={{width: 224, breakpoint: 'md', collapsed: {mobile: !is_open}}} padding={0}>
      <a className={styles.skip} href="#main">Skip to content</a>
      <AppShell.Header className={styles.header}>
        <Group gap="sm" wrap="nowrap" style={{minWidth: 0}}>
          <Burger opened={is_open} onClick={toggle} hiddenFrom="md" size="sm" aria-label="Navigation" />
          <UnstyledButton component={Link} to="/" aria-label="Posthorn, to the start">
            <Group gap={9} wrap="nowrap">
              <img src={icon} width={28} height={28} alt="" />
              <Text fw={700} size="lg" lts="-0.01em" visibleFrom="xs">Posthorn</Text>
            </Group>
          </UnstyledButton>
          <Text className={styles.company} truncate>{company.name}</Text>
        </Group>
        <Group gap="xs" wrap="nowrap" style={{flex: 'none'}}>
          <SchemeSwitch />
          <MemberMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={styles.navbar} component="nav" aria-label="Pages"><Navigation /></AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={styles.main}>
        <div className={styles.content}><Outlet /></div>
      </AppShell.Main>
      <NewsCorner />
    </AppShell>
  );
}
