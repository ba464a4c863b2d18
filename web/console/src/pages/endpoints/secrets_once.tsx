import {Alert, Button, Group, Modal, Stack, Text} from '@mantine/core';
import {KeyRound} from 'lucide-react';

import type {Endpoint} from '../../api/shapes';
import {Copied} from '../../parts/copy';

/** Signing secrets that were just made: no later answer has them. */
export function SecretsOnce({endpoint, close}: {endpoint: Endpoint | null; close: () => void}) {
  return (
    <Modal opened={endpoint !== null} onClose={close} title="Keep the signing secret now" size="lg" closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        <Alert icon={<KeyRound size={18} />} color="yellow">It is shown this once. The receiver needs it to verify what it is sent.</Alert>
        {endpoint?.signatures.filter(({secret, public_key}) => (secret && secret !== '***') || public_key).map(({scheme, secret, public_key}) => (
          <Stack key={scheme} gap={4}>
            <Text size="sm" fw={600}>{scheme}</Text>
            {secret && secret !== '***' && <Copied text={secret} label="Copy the secret" />}
            {public_key && <Group gap="xs"><Text size="xs" c="dimmed">Public key, for the receiver</Text><Copied text={public_key} /></Group>}
          </Stack>
        ))}
        <Group justify="flex-end"><Button onClick={close}>I have it</Button></Group>
      </Stack>
    </Modal>
  );
}
