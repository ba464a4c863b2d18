import {Alert, Badge, Button, Group, Modal, Paper, Select, Stack, Text, Title} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {Eye, RefreshCw} from 'lucide-react';
import {useState} from 'react';

import {api, as_problem, body} from '../../api/client';
import type {Integration} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Copied} from '../../parts/copy';
import {When} from '../../parts/when';
import {tell} from '../../parts/tell';

const overlaps = [['3600', '1 hour'], ['86400', '24 hours'], ['604800', '7 days'], ['2592000', '30 days'], ['0', 'None: the old key stops at once']] as const;

function Rotate({integration_id}: {integration_id: string}) {
  const queries = useQueryClient();
  const [is_open, set_open] = useState(false);
  const [overlap, set_overlap] = useState('86400');
  const rotating = useMutation({
    mutationFn: () => body(api.POST('/v1/integrations/{integration_id}/keys/rotate', {params: {path: {integration_id}}, body: {overlap_s: Number(overlap)}})),
    onSettled: () => queries.invalidateQueries({queryKey: ['integration', integration_id]}),
  });
  const close = () => { set_open(false); rotating.reset(); };
  return (
    <>
      <Button size="xs" variant="light" leftSection={<RefreshCw size={14} />} onClick={() => set_open(true)}>Rotate</Button>
      <Modal opened={is_open} onClose={close} title={rotating.data ? 'The new API key' : 'Rotate the API key'} closeOnClickOutside={!rotating.data}>
        {rotating.data ? (
          <Stack>
            <Copied text={rotating.data.api_key} />
            <Text size="sm">Give it to the systems that call, and to receivers that verify X-Signature, before the overlap ends.</Text>
            <Group justify="flex-end"><Button onClick={close}>Done</Button></Group>
          </Stack>
        ) : (
          <Stack>
            <Text size="sm">Both keys authenticate during the overlap. X-Signature stays on the old key until the overlap ends, and changes then.</Text>
            <Select label="Overlap" allowDeselect={false} data={overlaps.map(([value, label]) => ({value, label}))} value={overlap} onChange={(value) => set_overlap(value ?? '86400')} />
            {overlap === '0' && <Alert color="red">Every system that still uses the old key is locked out at once.</Alert>}
            {rotating.error && <Text size="sm" c="red">{as_problem(rotating.error).message}</Text>}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>Back</Button>
              <Button color={overlap === '0' ? 'red' : undefined} loading={rotating.isPending} onClick={() => rotating.mutate()}>Rotate</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}

export function Keys({integration: {integration_id, keys}}: {integration: Integration}) {
  const revealing = useMutation({
    mutationFn: () => body(api.POST('/v1/integrations/{integration_id}/keys/reveal', {params: {path: {integration_id}}})),
    onError: (error) => tell(as_problem(error).message, 'red'),
  });
  const in_full = new Map(revealing.data?.keys.map((key) => [key.id, key.api_key]));
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2}>API key</Title>
        <AdminOnly><Group gap="xs">
          {revealing.data
            ? <Button size="xs" variant="default" onClick={() => revealing.reset()}>Hide</Button>
            : <Button size="xs" variant="default" leftSection={<Eye size={14} />} loading={revealing.isPending} onClick={() => revealing.mutate()}>Reveal</Button>}
          <Rotate integration_id={integration_id} />
        </Group></AdminOnly>
      </Group>
      <Stack gap="xs">
        {keys.map((key) => (
          <Group key={key.id} gap="sm">
            <Badge variant="light" color={key.state === 'signing' ? 'teal' : 'orange'} radius="sm" tt="none">{key.state === 'signing' ? 'in use' : 'retiring'}</Badge>
            {in_full.has(key.id) ? <Copied text={in_full.get(key.id) ?? ''} label="Copy the key" /> : <Text ff="monospace" size="sm">{key.api_key}</Text>}
            <Text size="xs" c="dimmed">created <When at={key.created_at} />{key.expires_at && <>, ends <When at={key.expires_at} /></>}</Text>
          </Group>
        ))}
      </Stack>
      <Text size="xs" c="dimmed" mt="sm">Revealing is written to the audit.</Text>
    </Paper>
  );
}
