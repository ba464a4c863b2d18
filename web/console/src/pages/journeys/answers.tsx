import {Button, Collapse, Paper, Title} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';

import type {Result} from '../../api/shapes';
import {Table} from '../../parts/table';

export function Answers({answers}: {answers: Result['answers']}) {
  const [is_open, {toggle}] = useDisclosure();
  return (
    <section>
      <Title order={2} mt="lg" mb="xs">Answers</Title>
      <Button size="xs" variant="default" onClick={toggle} aria-expanded={is_open}>{is_open ? 'Hide' : `Show all ${answers.length}`}</Button>
      <Collapse in={is_open}>
        <Paper mt="sm" style={{overflow: 'hidden'}}>
          {is_open && (
            <Table
              label="Answers" rows={answers} row_key={(row) => row.item}
              columns={[
                {title: 'Item', wide: true, cell: (row) => row.item},
                {title: 'Choice', right: true, cell: (row) => row.choice},
                {title: 'Time', right: true, cell: (row) => (row.time_ms === null ? '–' : `${(row.time_ms / 1000).toFixed(1)} s`)},
                {title: 'Changed', right: true, cell: (row) => row.changes},
              ]}
            />
          )}
        </Paper>
      </Collapse>
    </section>
  );
}
