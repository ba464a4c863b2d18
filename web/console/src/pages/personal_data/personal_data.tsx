import {Alert, Button, Group, Modal, Paper, Stack, Text, TextInput, Title} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {Download, Eraser} from 'lucide-react';
import {useState} from 'react';

import {api, as_problem, body, type Shapes} from '../../api/client';
import {AdminPage} from '../../parts/admin_only';
import {Facts} from '../../parts/facts';
import {Heading} from '../../parts/heading';
import {usePlace} from '../../shell/environment_frame';

type Export = Shapes['person_export'];

/** All pages of what is stored, as one file of the person's. */
async function fetch_all(uid: string, integration_id: string): Promise<Export[]> {
  const parts: Export[] = [];
  for (let cursor: string | undefined; ;) {
    const part: Export = await body(api.GET('/v1/people/{uid}', {params: {path: {uid}, query: {integration_id, limit: 500, cursor}}}));
    parts.push(part);
    if (!part.next_cursor) return parts;
    cursor = part.next_cursor;
  }
}

function save(name: string, content: unknown) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], {type: 'application/json'}));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Erase({uid, integration_id}: {uid: string; integration_id: string}) {
  const [is_open, set_open] = useState(false);
  const [typed, set_typed] = useState('');
  const erasing = useMutation({mutationFn: () => body(api.DELETE('/v1/people/{uid}', {params: {path: {uid}, query: {integration_id}}}))});
  return (
    <>
      <Button color="red" variant="light" disabled={!uid} leftSection={<Eraser size={15} />} onClick={() => { erasing.reset(); set_typed(''); set_open(true); }}>Erase</Button>
      <Modal opened={is_open} onClose={() => set_open(false)} title={`Erase ${uid}`}>
        {erasing.data ? (
          <Stack>
            <Alert color="teal" title="Erased">This is how much of each there was.</Alert>
            <Facts of={Object.entries(erasing.data.erased).map(([name, count]) => [name.replace(/_/g, ' '), count])} />
            <Group justify="flex-end"><Button onClick={() => set_open(false)}>Close</Button></Group>
          </Stack>
        ) : (
          <Stack>
            <Text size="sm">Sessions, answers, results, links and certificates go for good. Events keep their type, times and outcomes, and lose the rest.</Text>
            <TextInput label={`Type ${uid} to go on`} value={typed} onChange={(event) => set_typed(event.currentTarget.value)} data-autofocus />
            {erasing.error && <Alert color="red">{as_problem(erasing.error).message}</Alert>}
            <Group justify="flex-end">
              <Button variant="default" onClick={() => set_open(false)}>Back</Button>
              <Button color="red" disabled={typed !== uid} loading={erasing.isPending} onClick={() => erasing.mutate()}>Erase for good</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}

export default function PersonalData() {
  const {integration_id} = usePlace();
  const [text, set_text] = useState('');
  const uid = text.trim();
  const exporting = useMutation({
    mutationFn: () => fetch_all(uid, integration_id),
    onSuccess: (parts) => save(`${uid}.json`, parts),
  });
  return (
    <>
      <Heading title="Personal data" says="What is stored about one person: hand it out, or erase it. Both are written to the audit." />
      <AdminPage title="Only admins hand out or erase personal data">
        <Paper p="md" maw={720}>
          <Title order={2} mb="sm">One uid</Title>
          <Stack>
            <TextInput label="uid" description="As your system knows the person" value={text} onChange={(event) => set_text(event.currentTarget.value)} />
            {exporting.error && <Alert color="red">{as_problem(exporting.error).message}</Alert>}
            <Group>
              <Button leftSection={<Download size={15} />} disabled={!uid} loading={exporting.isPending} onClick={() => exporting.mutate()}>Export as JSON</Button>
              <Erase uid={uid} integration_id={integration_id} />
            </Group>
          </Stack>
        </Paper>
      </AdminPage>
    </>
  );
}
