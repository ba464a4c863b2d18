import {Alert, Button, Group, Modal, Radio, Stack, Text, TextInput} from '@mantine/core';
import {useMutation, useQueryClient} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router-dom';

import {api, as_problem, body} from '../../api/client';
import type {Deployment, Preset} from '../../api/shapes';
import {Copied} from '../../parts/copy';
import {presets} from './presets';

function Keys({made, close}: {made: Deployment; close: () => void}) {
  const navigate = useNavigate();
  return (
    <Stack>
      <Text size="sm">Hand each key to the system that sends events to that environment. An admin can reveal them again later.</Text>
      {(['test', 'production'] as const).map((key) => {
        const {integration_id, api_key} = made.environments[key];
        return (
          <Stack key={key} gap={4}>
            <Text fw={600} size="sm">{key === 'test' ? 'Test' : 'Production'}</Text>
            <Group gap="xs"><Text size="xs" c="dimmed" w={92}>Integration id</Text><Copied text={integration_id} /></Group>
            {api_key && <Group gap="xs" wrap="nowrap"><Text size="xs" c="dimmed" w={92} style={{flex: 'none'}}>API key</Text><Copied text={api_key} /></Group>}
          </Stack>
        );
      })}
      <Group justify="flex-end">
        <Button onClick={() => { close(); navigate(`/i/${made.environments.test.integration_id}/endpoints`); }}>Next: an endpoint</Button>
      </Group>
    </Stack>
  );
}

export function NewDeployment({is_open, close}: {is_open: boolean; close: () => void}) {
  const queries = useQueryClient();
  const [name, set_name] = useState('');
  const [preset, set_preset] = useState<Preset>('assessment');
  const making = useMutation({
    mutationFn: () => body(api.POST('/v1/deployments', {body: {name: name.trim(), preset}})),
    onSuccess: () => queries.invalidateQueries({queryKey: ['deployments']}),
  });
  const done = () => { close(); making.reset(); set_name(''); };
  return (
    <Modal opened={is_open} onClose={done} title={making.data ? `${making.data.name} is ready` : 'New deployment'} size="lg">
      {making.data ? <Keys made={making.data} close={done} /> : (
        <form onSubmit={(event) => { event.preventDefault(); making.mutate(); }}>
          <Stack>
            <TextInput label="Name" description="What your team calls it" placeholder="Loans in Kenya" maxLength={120} required value={name} onChange={(event) => set_name(event.currentTarget.value)} data-autofocus />
            <Radio.Group label="What it is for" description="Sets what its endpoints begin with. Everything can be changed for each endpoint." value={preset} onChange={(value) => set_preset(value as Preset)}>
              <Stack gap="sm" mt="xs">
                {Object.entries(presets).map(([key, {name: title, says}]) => <Radio key={key} value={key} label={title} description={says} />)}
              </Stack>
            </Radio.Group>
            {making.error && <Alert color="red">{as_problem(making.error).message}</Alert>}
            <Group justify="flex-end">
              <Button variant="default" onClick={done}>Cancel</Button>
              <Button type="submit" loading={making.isPending} disabled={!name.trim()}>Make it</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
