// What went out over time: how much, with which success, and how fast receivers answered.
import {BarChart, LineChart} from '@mantine/charts';
import {Group, Paper, SegmentedControl, SimpleGrid, Text, Title} from '@mantine/core';
import {useState} from 'react';

import {ranges, useStats, type Range, type Stats} from '../api/stats';
import {duration} from './duration';
import {Asked} from './states';
import {utc_time} from './when';

const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});
const whole = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});

export function latency(ms: number | null): string {
  if (ms === null) return '–';
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms < 10 && !Number.isInteger(ms) ? ms.toFixed(1) : Math.round(ms)} ms`;
}

// A line through one point is none.
const has_few = (values: (number | null)[]) => values.filter((value) => value !== null).length < 12;

/** What share of deliveries that ended has arrived; null where none ended. */
export function success_percent(delivered: number, failed: number): number | null {
  return delivered + failed > 0 ? (100 * delivered) / (delivered + failed) : null;
}

const no_break = '\u00a0';

// What failed is not rounded away.
export function percent(share: number | null): string {
  if (share === null) return '–';
  return `${Number.isInteger(share) ? share : Math.min(99.9, share).toFixed(1)} %`.replace(' ', no_break);
}

function axis_label(start: string, range: Range): string {
  return (range === '1h' || range === '24h' ? clock : day).format(new Date(start));
}

const common = {h: 230, dataKey: 'start', withLegend: true, legendProps: {verticalAlign: 'top' as const, height: 36}, gridAxis: 'x' as const, tickLine: 'none' as const};

function Charts({stats}: {stats: Stats}) {
  const {points, range, step_s, total} = stats;
  const xAxisProps = {tickFormatter: (start: string) => axis_label(start, range), minTickGap: 40};
  const tooltipProps = {labelFormatter: (start: string) => (start ? `${whole.format(new Date(start))} · ${utc_time(start)}` : '')};
  const by = `by ${duration(step_s)}`;
  const success = points.map(({start, delivered, failed}) => ({start, share: success_percent(delivered, failed)}));
  return (
    <SimpleGrid cols={{base: 1, md: 2}} spacing="md">
      <Paper p="md" component="figure" m={0} style={{gridColumn: '1 / -1'}} aria-label={`Deliveries ${by}: ${total.delivered} arrived, ${total.failed} failed`}>
        <Text size="sm" fw={600} mb="sm" component="figcaption">Deliveries <Text span c="dimmed" size="xs">{by}</Text></Text>
        <BarChart
          {...common} data={points} type="stacked" xAxisProps={xAxisProps} tooltipProps={tooltipProps} yAxisProps={{allowDecimals: false, width: 44}}
          series={[{name: 'delivered', label: 'Arrived', color: 'teal.6'}, {name: 'failed', label: 'Failed', color: 'red.6'}]}
        />
      </Paper>
      <Paper p="md" component="figure" m={0} aria-label={`Success ${by}: ${percent(success_percent(total.delivered, total.failed))} in all`}>
        <Text size="sm" fw={600} mb="sm" component="figcaption">Success <Text span c="dimmed" size="xs">{by}</Text></Text>
        <LineChart
          {...common} data={success} xAxisProps={xAxisProps} tooltipProps={tooltipProps} yAxisProps={{width: 58, domain: [0, 100]}} valueFormatter={percent} curveType="monotone" withDots={has_few(success.map(({share}) => share))} connectNulls={false}
          series={[{name: 'share', label: 'Arrived, of what ended', color: 'teal.6'}]}
        />
      </Paper>
      <Paper p="md" component="figure" m={0} aria-label={`Time of attempts ${by}: half within ${latency(total.p50_ms)}, 95 % within ${latency(total.p95_ms)}`}>
        <Text size="sm" fw={600} mb="sm" component="figcaption">Time of an attempt <Text span c="dimmed" size="xs">{by}</Text></Text>
        <LineChart
          {...common} data={points} xAxisProps={xAxisProps} tooltipProps={tooltipProps} yAxisProps={{width: 60}} valueFormatter={latency} curveType="monotone" withDots={has_few(points.map(({p50_ms}) => p50_ms))} connectNulls={false}
          series={[{name: 'p50_ms', label: 'Half within', color: 'post.5'}, {name: 'p95_ms', label: '95 % within', color: 'orange.6'}]}
        />
      </Paper>
    </SimpleGrid>
  );
}

export function RangeChoice({range, choose}: {range: Range; choose: (range: Range) => void}) {
  return <SegmentedControl size="xs" aria-label="Range" value={range} onChange={(value) => choose(ranges.find(([key]) => key === value)?.[0] ?? '24h')} data={ranges.map(([value, label]) => ({value, label}))} />;
}

/** With a choice of its own for the range. */
export function Traffic({integration_id, endpoint_id}: {integration_id: string; endpoint_id: string}) {
  const [range, set_range] = useState<Range>('24h');
  const query = useStats(integration_id, range, endpoint_id);
  return (
    <section aria-label="Traffic">
      <Group justify="space-between" mb="xs"><Title order={2}>Traffic</Title><RangeChoice range={range} choose={set_range} /></Group>
      <Asked query={query}>{(stats) => <Charts stats={stats} />}</Asked>
    </section>
  );
}

export {Charts as TrafficCharts};
