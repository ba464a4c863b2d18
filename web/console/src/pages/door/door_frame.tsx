// What stands before the console: logging in, and the ways to become able to.
import {Alert, Anchor, Paper, PasswordInput, Stack, Text, Title, type PasswordInputProps} from '@mantine/core';
import {useEffect, type ReactNode} from 'react';
import {Link, useLocation} from 'react-router-dom';

import {as_problem} from '../../api/client';
import icon from '../../icon.svg';
import styles from './door.module.css';

export const password_characters_min = 10;

export function password_rule(text: string): string | null {
  return text.length >= password_characters_min ? null : `At least ${password_characters_min} characters`;
}

export function NewPassword(props: PasswordInputProps) {
  return <PasswordInput description={`At least ${password_characters_min} characters; several words make a good one`} autoComplete="new-password" required {...props} />;
}

/** The token of a link: behind "#", where no log sees it. */
export function useLinkToken(): string {
  return useLocation().hash.slice(1);
}

export function Refusal({error}: {error: unknown}) {
  if (!error) return null;
  const problem = as_problem(error);
  return (
    <Alert color="red" role="alert">
      {problem.errors.length > 0 ? problem.errors.map(({pointer, detail}) => <div key={pointer}>{pointer.slice(1)}: {detail}</div>) : problem.message}
    </Alert>
  );
}

export function DeadLink() {
  return (
    <>
      <Text size="sm">The link has been used, is too old, or was replaced by a newer one. Ask for another.</Text>
      <Anchor component={Link} to="/login" size="sm">To the login</Anchor>
    </>
  );
}

export function DoorFrame({title, says, children}: {title: string; says?: ReactNode; children: ReactNode}) {
  useEffect(() => { document.title = `${title} · Posthorn`; }, [title]);
  return (
    <main className={styles.door}>
      <div className={styles.brand}><img src={icon} width={40} height={40} alt="" /><span>Posthorn</span></div>
      <Paper className={styles.card} shadow="lg" radius="lg">
        <Stack gap="md">
          <div><Title order={1}>{title}</Title>{says && <Text size="sm" c="dimmed" mt={4} component="div">{says}</Text>}</div>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}
