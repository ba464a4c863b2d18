// A list: a table where there is room, cards where there is not.
import {Group, Button, Paper, Text} from '@mantine/core';
import {ChevronLeft, ChevronRight} from 'lucide-react';
import type {ReactNode} from 'react';
import {Link, useNavigate} from 'react-router-dom';

import type {Pages} from '../api/pages';
import {SearchLine} from './search_line';
import {Failure, Lines} from './states';
import styles from './table.module.css';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  wide?: boolean; // takes what is left, and is cut where that is too little
  right?: boolean;
  optional?: boolean; // left out on middling screens
}

interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  row_key: (row: Row) => string;
  to?: (row: Row) => string; // where a row leads
  marked?: (row: Row) => boolean;
}

export function Table<Row>({label, columns, rows, row_key, to, marked}: TableProps<Row>) {
  const navigate = useNavigate();
  const classes = (column: Column<Row>) =>
    [column.wide && styles.wide, column.right && styles.right, column.optional && styles.optional].filter(Boolean).join(' ');
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>{columns.map((column) => <th key={column.title} className={classes(column)} scope="col">{column.title}</th>)}</tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row_key(row)}
            className={[to && styles.leads, marked?.(row) && styles.marked].filter(Boolean).join(' ')}
            onClick={to && ((event) => {
              const on_control = event.target instanceof Element && event.target.closest('a, button, input, label');
              if (!on_control && !window.getSelection()?.toString()) navigate(to(row));
            })}
          >
            {columns.map((column, at) => (
              <td key={column.title} className={classes(column)} data-label={column.title}>
                {at === 0 && to ? <Link className={styles.link} to={to(row)}>{column.cell(row)}</Link> : column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Pager<Row>({pages}: {pages: Pages<Row>}) {
  if (!pages.next && !pages.previous) return null;
  return (
    <Group justify="space-between" px="md" py="xs" className={styles.pager}>
      <Text size="xs" c="dimmed">Page {pages.number}</Text>
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={!pages.previous} onClick={() => pages.previous?.()} leftSection={<ChevronLeft size={14} />}>
          {pages.is_by_time ? 'Newer' : 'Previous'}
        </Button>
        <Button size="xs" variant="default" disabled={!pages.next} onClick={() => pages.next?.()} rightSection={<ChevronRight size={14} />}>
          {pages.is_by_time ? 'Older' : 'Next'}
        </Button>
      </Group>
    </Group>
  );
}

/** A list with its pages and every state that it can be in. */
export function PagedTable<Row>({pages, empty, ...table}: {pages: Pages<Row>; empty: ReactNode} & Omit<TableProps<Row>, 'rows'>) {
  const {rows} = pages;
  return (
    <Paper className={styles.frame} aria-busy={pages.is_fetching}>
      {pages.error ? <Failure error={pages.error} again={pages.again} /> : null}
      {!rows && !pages.error && <Lines />}
      {rows && rows.length > 0 && <Table rows={rows} {...table} />}
      {rows?.length === 0 && !pages.search && empty}
      {pages.search && <SearchLine search={pages.search} has_rows={rows !== undefined && rows.length > 0} />}
      <Pager pages={pages} />
    </Paper>
  );
}
