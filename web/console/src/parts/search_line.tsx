import {Button, Group, Loader, Text} from '@mantine/core';
import {Telescope} from 'lucide-react';

import type {Search} from '../api/pages';
import {Empty} from './states';
import styles from './table.module.css';
import {When} from './when';

/** How far back a search has come, while it goes on and once it rests. What is read aloud changes only with that. */
export function SearchLine({search: {is_on, back_to, stop, go_on}, has_rows}: {search: Search; has_rows: boolean}) {
  const says = (
    <>
      {back_to ? <>Looked back to <When at={back_to} /></> : 'Looked at a part of the list'}
      <span role="status">{is_on ? ', still looking…' : '; what is older was not looked at.'}</span>
    </>
  );
  const button = <Button size="xs" variant="default" onClick={is_on ? stop : go_on} leftSection={is_on && <Loader size={12} aria-hidden />}>{is_on ? 'Stop' : 'Go on'}</Button>;
  if (!has_rows) return <Empty icon={Telescope} title={is_on ? 'Looking further back' : 'Nothing found so far'} action={button}>{says}</Empty>;
  return (
    <Group justify="space-between" px="md" py="xs" gap="sm" className={styles.pager}>
      <Text size="sm" c="dimmed">{says}</Text>
      {button}
    </Group>
  );
}
