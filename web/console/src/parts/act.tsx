// A button that asks the server for something, and says what became of it.
import {Button, Group, Modal, Stack, Text, type ButtonProps} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState, type ReactNode} from 'react';

import {as_problem} from '../api/client';
import {useMayChange} from '../api/member';
import {tell} from './tell';

interface ActProps<T> extends ButtonProps {
  children: ReactNode;
  ask: () => Promise<T>;
  touches: readonly unknown[][]; // what is read anew afterwards
  done?: string | ((made: T) => string);
  then?: (made: T) => void;
  sure?: {title: string; says: ReactNode}; // asked before
}

export function Act<T>({children, ask, touches, done, then, sure, ...button}: ActProps<T>) {
  const queries = useQueryClient();
  const may_change = useMayChange();
  const [is_asking, set_asking] = useState(false);
  const acting = useMutation({
    mutationFn: ask,
    onSuccess: (made) => {
      if (done) tell(typeof done === 'string' ? done : done(made));
      then?.(made);
    },
    onError: (error) => tell(as_problem(error).message, 'red'),
    onSettled: () => { set_asking(false); for (const queryKey of touches) void queries.invalidateQueries({queryKey}); },
  });
  if (!may_change) return null;
  return (
    <>
      <Button size="xs" variant="default" {...button} loading={acting.isPending} onClick={() => (sure ? set_asking(true) : acting.mutate())}>{children}</Button>
      {sure && (
        <Modal opened={is_asking} onClose={() => set_asking(false)} title={sure.title}>
          <Stack>
            <Text size="sm" component="div">{sure.says}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => set_asking(false)}>Back</Button>
              <Button color={button.color} loading={acting.isPending} onClick={() => acting.mutate()} data-autofocus>{children}</Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}
