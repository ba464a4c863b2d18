import {Alert, Button, FileButton, Group, Modal, NumberInput, SegmentedControl, Stack, Text, Textarea, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {Upload} from 'lucide-react';
import {useState} from 'react';
import {useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import {usePlace} from '../../shell/environment_frame';

const uids_max = 10_000;

/** The uids of a text: a line each, or the first column of a CSV, whose header is passed over. */
function uids_of(text: string): string[] {
  const cells = text.split(/\r?\n/).map((line) => (line.split(/[,;\t]/)[0] ?? '').trim().replace(/^"|"$/g, '')).filter(Boolean);
  return cells[0]?.toLowerCase() === 'uid' ? cells.slice(1) : cells;
}

export function NewBatch({is_open, close}: {is_open: boolean; close: () => void}) {
  const {integration_id} = usePlace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, set_name] = useState('');
  const [by, set_by] = useState('count');
  const [count, set_count] = useState<number | string>(10);
  const [text, set_text] = useState('');
  const uids = uids_of(text);
  const odd = uids.find((uid) => !/^[A-Za-z0-9-]{5,60}$/.test(uid));
  const making = useMutation({
    mutationFn: () => body(api.POST('/v1/link-batches', {
      params: {query: {integration_id}},
      body: {name: name.trim(), ...(by === 'count' ? {count: Number(count)} : {uids})},
    })),
    onSuccess: (batch) => {
      void queries.invalidateQueries({queryKey: ['link-batches']});
      close();
      navigate(`/i/${integration_id}/links/${batch.id}`);
    },
  });
  const is_ready = name.trim() !== '' && (by === 'count' ? Number(count) >= 1 && Number(count) <= uids_max : uids.length > 0 && uids.length <= uids_max && !odd);
  const problem = making.error && as_problem(making.error);
  return (
    <Modal opened={is_open} onClose={close} title="New batch of links">
      <form onSubmit={(event) => { event.preventDefault(); making.mutate(); }}>
        <Stack>
          <TextInput label="Name" required maxLength={120} placeholder="Spring intake" data-autofocus value={name} onChange={(event) => set_name(event.currentTarget.value)} />
          <SegmentedControl aria-label="For whom" value={by} onChange={set_by} data={[{value: 'count', label: 'So many'}, {value: 'uids', label: 'For these uids'}]} />
          {by === 'count' ? <NumberInput label="How many" description="uids are made up" min={1} max={uids_max} clampBehavior="none" value={count} onChange={set_count} /> : (
            <>
              <Textarea
                label="uids" description="One a line" autosize minRows={5} maxRows={12} value={text} onChange={(event) => set_text(event.currentTarget.value)}
                error={odd ? `${odd}: 5 to 60 letters, digits and hyphens` : uids.length > uids_max ? `At most ${uids_max.toLocaleString()}` : null}
              />
              <Group justify="space-between">
                <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => { void file?.text().then(set_text); }}>{(props) => <Button size="xs" variant="default" leftSection={<Upload size={14} />} {...props}>From a CSV file</Button>}</FileButton>
                <Text size="sm" c="dimmed">{uids.length.toLocaleString()} uids</Text>
              </Group>
            </>
          )}
          {problem && <Alert color="red">{problem.errors.length > 0 ? problem.errors.slice(0, 5).map(({pointer, detail}) => <div key={pointer}>{pointer.slice(1)}: {detail}</div>) : problem.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit" disabled={!is_ready} loading={making.isPending}>Make the links</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
