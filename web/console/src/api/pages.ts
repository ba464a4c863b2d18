// Lists, a page at a time. The server gives only the way onward, so the way back is remembered here. It also bounds the
// time of one read: its answer may be short, even empty, with a cursor to go on from. A page is therefore put together
// of as many reads as it takes, within a bound; then the reader is asked.
import {keepPreviousData, useInfiniteQuery} from '@tanstack/react-query';
import {useEffect, useState} from 'react';

export interface Page<Row> {
  data?: Row[];
  next_cursor: string | null;
}

/** One read of a list, as the API is asked. */
export interface Read {
  limit: number;
  cursor?: string;
}

/** A page that is not full although the list may go on. */
export interface Search {
  is_on: boolean; // else it was stopped, or came to its bound
  back_to: string | null; // what is newer has been looked at; null where that is not known
  stop: () => void;
  go_on: () => void;
}

export interface Pages<Row> {
  rows: Row[] | undefined;
  error: unknown;
  again: () => void;
  is_fetching: boolean;
  number: number; // from 1
  is_by_time: boolean; // newest first
  next: (() => void) | null;
  previous: (() => void) | null;
  search: Search | null;
}

interface PagesOptions {
  limit: number;
  refresh_ms?: number;
  /** When the newest entry after a cursor was made, whatever the filter: tells how far back a search has come. */
  time_after?: (read: Read) => Promise<string | null>;
}

const reads_max = 40;

/** `key` names the list and all that it is filtered by: another key begins at its first page. */
export function usePages<Row>(key: readonly unknown[], read: (read: Read) => Promise<Page<Row>>, {limit, refresh_ms, time_after}: PagesOptions): Pages<Row> {
  const name = JSON.stringify(key);
  const [trail, set_trail] = useState<{name: string; cursors: string[]}>({name, cursors: []});
  const cursors = trail.name === name ? trail.cursors : [];
  const place = JSON.stringify([name, cursors]);
  const [bound, set_bound] = useState({place, reads: reads_max});
  const reads_allowed = bound.place === place ? bound.reads : reads_max;

  const {data, error, isFetching, isPlaceholderData, isFetchNextPageError: has_broken, hasNextPage, fetchNextPage, refetch} = useInfiniteQuery({
    queryKey: [...key, cursors.at(-1) ?? ''],
    initialPageParam: {limit, cursor: cursors.at(-1)} as Read,
    queryFn: async ({pageParam}) => {
      const {data: rows = [], next_cursor} = await read(pageParam);
      const is_short = next_cursor !== null && rows.length < pageParam.limit;
      const back_to = is_short && time_after ? await time_after({limit: 1, cursor: next_cursor}).catch(() => null) : null;
      return {rows, next_cursor, back_to};
    },
    getNextPageParam: ({rows, next_cursor}, _, {limit: asked}) =>
      next_cursor !== null && rows.length < asked ? {limit: asked - rows.length, cursor: next_cursor} : undefined,
    placeholderData: keepPreviousData,
    // Pages further back do not change under the reader's eyes; one that took many reads is not read anew as often.
    refetchInterval: ({state}) => (cursors.length === 0 && refresh_ms !== undefined ? refresh_ms * Math.max(1, state.data?.pages.length ?? 1) : false),
  });
  const reads = data?.pages ?? [];
  const last = reads.at(-1);
  const is_on = hasNextPage && !has_broken && reads.length < reads_allowed;
  useEffect(() => {
    if (is_on && !isFetching && !isPlaceholderData) void fetchNextPage();
  }, [is_on, isFetching, isPlaceholderData, fetchNextPage, reads.length]);

  // What still shows of the page before leads nowhere.
  const onward = last && !hasNextPage && !isPlaceholderData ? last.next_cursor : null;
  return {
    rows: data && reads.flatMap(({rows}) => rows),
    error: data && !has_broken ? null : error,
    again: () => void (has_broken ? fetchNextPage() : refetch()),
    is_fetching: isFetching,
    number: cursors.length + 1,
    is_by_time: true,
    next: onward !== null ? () => set_trail({name, cursors: [...cursors, onward]}) : null,
    previous: cursors.length > 0 ? () => set_trail({name, cursors: cursors.slice(0, -1)}) : null,
    search: !hasNextPage || isPlaceholderData ? null : {
      is_on,
      back_to: last?.back_to ?? null,
      stop: () => set_bound({place, reads: reads.length}),
      go_on: () => {
        set_bound({place, reads: reads.length + reads_max});
        if (has_broken) void fetchNextPage();
      },
    },
  };
}

/** Pages of a list that is here as a whole. */
export function useLocalPages<Row>(rows: Row[], limit: number): Pages<Row> {
  const [wanted, set_number] = useState(1);
  const number = Math.min(wanted, Math.max(1, Math.ceil(rows.length / limit)));
  return {
    rows: rows.slice((number - 1) * limit, number * limit),
    error: null,
    again: () => undefined,
    is_fetching: false,
    number,
    is_by_time: false,
    next: number * limit < rows.length ? () => set_number(number + 1) : null,
    previous: number > 1 ? () => set_number(number - 1) : null,
    search: null,
  };
}
