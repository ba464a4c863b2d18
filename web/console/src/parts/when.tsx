import {Text, Tooltip} from '@mantine/core';

const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});
const day_and_year = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short', year: 'numeric'});
const distance = new Intl.RelativeTimeFormat(undefined, {numeric: 'auto'});

const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const;

/** 3 minutes ago, in 2 hours. */
export function from_now(at: string): string {
  const ms = new Date(at).getTime() - Date.now();
  const [unit, size] = units.find(([, size]) => Math.abs(ms) >= size) ?? ['second', 1000];
  return distance.format(Math.round(ms / size), unit);
}

export function local_time(at: string): string {
  const time = new Date(at);
  const today = new Date();
  if (time.toDateString() === today.toDateString()) return clock.format(time);
  const date = time.getFullYear() === today.getFullYear() ? day : day_and_year;
  return `${date.format(time)}, ${clock.format(time)}`;
}

export function utc_time(at: string): string {
  return `${at.replace('T', ' ').replace('Z', '')} UTC`;
}

/** A moment in the viewer's zone; UTC and the distance from now on hover. */
export function When({at, relative = false}: {at: string | null | undefined; relative?: boolean}) {
  if (!at) return <Text span c="dimmed" inherit>–</Text>;
  return (
    <Tooltip label={`${utc_time(at)} · ${from_now(at)}`}>
      <time dateTime={at} style={{whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums'}}>
        {relative ? from_now(at) : local_time(at)}
      </time>
    </Tooltip>
  );
}

/** A sentence of the server's, its times as any other. */
export function Told({sentence}: {sentence: string}) {
  return sentence.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).map((part, place) => (place % 2 === 1 ? <When key={place} at={part} /> : part));
}
