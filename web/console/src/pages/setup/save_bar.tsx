import {Button, Group} from '@mantine/core';

export function SaveBar({is_dirty, is_saving, reset}: {is_dirty: boolean; is_saving: boolean; reset: () => void}) {
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" disabled={!is_dirty} onClick={reset}>Undo</Button>
      <Button type="submit" disabled={!is_dirty} loading={is_saving}>Save</Button>
    </Group>
  );
}
