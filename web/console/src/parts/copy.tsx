import {ActionIcon, Button, Code, CopyButton, Group, Tooltip, type ButtonProps} from '@mantine/core';
import {Check, Copy} from 'lucide-react';

/** An id or a key in full, and a button that copies it. */
export function Copied({text, shown = text, label = 'Copy'}: {text: string; shown?: string; label?: string}) {
  return (
    <Group gap={4} wrap="nowrap" style={{minWidth: 0, display: 'inline-flex'}}>
      <Code style={{overflowWrap: 'anywhere', minWidth: 0}}>{shown}</Code>
      <CopyButton value={text}>
        {({copied, copy}) => (
          <Tooltip label={copied ? 'Copied' : label}>
            <ActionIcon variant="subtle" color={copied ? 'teal' : 'gray'} size="sm" onClick={copy} aria-label={`${label}: ${shown}`}>
              {copied ? <Check size={14} /> : <Copy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}

export function CopyAction({text, children, ...button}: {text: string; children: string} & ButtonProps) {
  return (
    <CopyButton value={text}>
      {({copied, copy}) => (
        <Button variant="default" size="xs" leftSection={copied ? <Check size={14} /> : <Copy size={14} />} onClick={copy} {...button}>
          {copied ? 'Copied' : children}
        </Button>
      )}
    </CopyButton>
  );
}
