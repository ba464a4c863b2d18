// Lists, a page at a time. The server gives only the way onward, so the way back is remembered here.
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {useState} from 'react';

export interface Page<Row> {
  data?: Row[];
  next_cursor: string | null;
}

export interface Pages<Row> {
  rows: Row[] | undefined;
  error: unknown;
  is_fetching: boolean;
  number: number; // from 1
  next: (() => void) | null;
  previous: (() => void) | null;
}

/** `key` names the list and all that it is filtered by: another key begins at its first page. */
export function usePages<Row>(
  key: readonly unknown[],
  fetch_page: (cursor: string | undefined) => Promise<Page<Row>>,
  {refresh_ms, enabled = true}: {refresh_ms?: number; enabled?: boolean} = {},
): Pages<Row> {
  const name = JSON.stringify(key);
  const [trail, set_trail] = useState<{name: string; cursors: string[]}>({name, cursors: []});
  const cursors = trail.name === name ? trail.cursors : [];
  const {data, error, isFetching} = useQuery({
    queryKey: [...key, cursors.at(-1) ?? ''],
    queryFn: () => fetch_page(cursors.at(-1)),
    placeholderData: keepPreviousData,
    // Pages further back do not change under the reader's eyes.
    refetchInterval: cursors.length === 0 ? refresh_ms : false,
    enabled,
  });
  const onward = data?.next_cursor;
  return {
    rows: data?.data,
    error: data ? null : error,
    is_fetching: isFetching,
    number: cursors.length + 1,
    next: onward ? () => set_trail({name, cursors: [...cursors, onward]}) : null,
    previous: cursors.length > 0 ? () => set_trail({name, cursors: cursors.slice(0, -1)}) : null,
  };
}
