// What a page shows while, or in place of, what it is about.
import {Button, Center, Paper, Skeleton, Stack, Text, ThemeIcon, Title} from '@mantine/core';
import {CircleSlash, CloudOff, Inbox, Lock, SearchX, type LucideIcon} from 'lucide-react';
import type {ReactNode} from 'react';

import {as_problem} from '../api/client';

interface NoticeProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  colour?: string;
}

export function Notice({icon: Icon, title, children, action, colour = 'gray'}: NoticeProps) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={460} ta="center">
        <ThemeIcon variant="light" color={colour} size={52} radius="xl"><Icon size={26} aria-hidden /></ThemeIcon>
        <Title order={2}>{title}</Title>
        {children && <Text c="dimmed" size="sm">{children}</Text>}
        {action}
      </Stack>
    </Center>
  );
}

export function Empty({title, children, action, icon = Inbox}: Omit<NoticeProps, 'icon'> & {icon?: LucideIcon}) {
  return <Notice icon={icon} title={title} action={action}>{children}</Notice>;
}

export function Failure({error, again}: {error: unknown; again?: () => void}) {
  const problem = as_problem(error);
  if (problem.status === 403) {
    return <Notice icon={Lock} title="You may not see this" colour="yellow">{problem.detail || 'Ask an admin of your company.'}</Notice>;
  }
  if (problem.status === 404) {
    return <Notice icon={SearchX} title="Nothing is here">{problem.detail || 'It may have been deleted, or its retention has ended.'}</Notice>;
  }
  const retry = again && <Button variant="default" size="xs" onClick={again}>Try again</Button>;
  if (problem.status === 0) return <Notice icon={CloudOff} title={problem.title} colour="red" action={retry}>{problem.detail}</Notice>;
  return <Notice icon={CircleSlash} title={problem.title} colour="red" action={retry}>{problem.detail}</Notice>;
}

export function Lines({count = 6}: {count?: number}) {
  return (
    <Stack gap="sm" p="md" role="status" aria-label="Loading">
      {Array.from({length: count}, (_, at) => <Skeleton key={at} height={22} width={`${92 - ((at * 17) % 34)}%`} />)}
    </Stack>
  );
}

interface AskedProps<T> {
  query: {data: T | undefined; error: unknown; refetch: () => unknown};
  lines?: number;
  children: (data: T) => ReactNode;
}

/** The answer once it is there, and until then what is known of it. */
export function Asked<T>({query, lines, children}: AskedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Paper><Failure error={query.error} again={() => void query.refetch()} /></Paper>;
  return <Paper><Lines count={lines} /></Paper>;
}
