import {Button, Group, Modal, Select, Stack, Text} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {KeyRound} from 'lucide-react';
import {useState} from 'react';

import {api, as_problem, body} from '../../api/client';
import type {Endpoint} from '../../api/shapes';
import {SecretsOnce} from './secrets_once';

const overlaps = [['0', 'None: the old secret stops at once'], ['3600', '1 hour'], ['86400', '24 hours'], ['604800', '7 days']] as const;

export function RotateSecret({endpoint}: {endpoint: Endpoint}) {
  const schemes = endpoint.signatures.map(({scheme}) => scheme).filter((scheme) => scheme !== 'x_signature');
  const [is_open, set_open] = useState(false);
  const [scheme, set_scheme] = useState(schemes[0]);
  const [overlap, set_overlap] = useState('86400');
  const rotating = useMutation({
    mutationFn: () => body(api.POST('/v1/endpoints/{id}/rotate-secret', {params: {path: {id: endpoint.id}, query: {integration_id: endpoint.integration_id}}, body: {scheme, overlap_s: Number(overlap)}})),
    onSuccess: () => set_open(false),
  });
  if (schemes.length === 0) return null;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<KeyRound size={14} />} onClick={() => set_open(true)}>Rotate the secret</Button>
      <Modal opened={is_open} onClose={() => set_open(false)} title="Rotate the signing secret">
        <Stack>
          <Text size="sm">During the overlap every request carries a signature by each secret, so that the receiver can change over.</Text>
          {schemes.length > 1 && <Select label="Scheme" allowDeselect={false} data={schemes} value={scheme ?? null} onChange={(value) => set_scheme(schemes.find((each) => each === value))} />}
          <Select label="Overlap" allowDeselect={false} data={overlaps.map(([value, label]) => ({value, label}))} value={overlap} onChange={(value) => set_overlap(value ?? '86400')} />
          {rotating.error && <Text size="sm" c="red">{as_problem(rotating.error).message}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => set_open(false)}>Back</Button>
            <Button loading={rotating.isPending} onClick={() => rotating.mutate()}>Rotate</Button>
          </Group>
        </Stack>
      </Modal>
      <SecretsOnce endpoint={rotating.data ?? null} close={() => rotating.reset()} />
    </>
  );
}
