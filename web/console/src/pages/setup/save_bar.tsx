import {Button, Group} from '@mantine/core';
import type {FormEventHandler, ReactNode} from 'react';

import {useMayChange} from '../../api/member';

export function SaveBar({is_dirty, is_saving, reset}: {is_dirty: boolean; is_saving: boolean; reset: () => void}) {
  if (!useMayChange()) return null;
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" disabled={!is_dirty} onClick={reset}>Undo</Button>
      <Button type="submit" disabled={!is_dirty} loading={is_saving}>Save</Button>
    </Group>
  );
}

/** A form that viewers read and cannot change. */
export function SettingsForm({onSubmit, children}: {onSubmit: FormEventHandler<HTMLFormElement>; children: ReactNode}) {
  const may_change = useMayChange();
  return <form onSubmit={onSubmit} noValidate><fieldset disabled={!may_change} style={{border: 'none', margin: 0, padding: 0, minWidth: 0}}>{children}</fieldset></form>;
}
