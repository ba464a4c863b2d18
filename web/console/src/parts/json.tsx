// A JSON document to read: indented and coloured, or exactly as its bytes are.
import {Box, Group, SegmentedControl} from '@mantine/core';
import {Fragment, useMemo, useState, type ReactNode} from 'react';

import {CopyAction} from './copy';
import styles from './json.module.css';

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function coloured(text: string): ReactNode[] {
  const out: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(token)) {
    out.push(text.slice(end, found.index));
    const [whole, string, colon, word] = found;
    const kind = colon ? styles.name : string ? styles.string : word ? styles.word : styles.number;
    out.push(<span key={found.index} className={kind}>{string ?? whole}</span>, colon ?? '');
    end = found.index + whole.length;
  }
  out.push(text.slice(end));
  return out.map((part, at) => <Fragment key={at}>{part}</Fragment>);
}

// Beyond this, colours cost more than they give.
const coloured_characters_max = 100_000;

/** Indents without parsing numbers, whose digits must stay as they were sent. */
export function indented(text: string): string {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [part] of text.matchAll(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s"{}[\],:]+/g)) {
    if (part === '{' || part === '[') { depth += 1; out += part + line(); }
    else if (part === '}' || part === ']') { depth -= 1; out = /[[{]\s*$/.test(out) ? out.trimEnd() + part : out + line() + part; }
    else if (part === ',') out += part + line();
    else out += part === ':' ? ': ' : part;
  }
  return out;
}

export function Plain({text, label}: {text: string; label: string}) {
  return <pre className={styles.code} tabIndex={0} aria-label={label}>{text}</pre>;
}

export function Json({text, label}: {text: string; label: string}) {
  const [form, set_form] = useState('pretty');
  const pretty = useMemo(() => indented(text), [text]);
  const shown = form === 'pretty' ? pretty : text;
  return (
    <Box>
      <Group justify="space-between" mb="xs">
        <SegmentedControl size="xs" value={form} onChange={set_form} data={[{value: 'pretty', label: 'Pretty'}, {value: 'raw', label: 'Raw'}]} aria-label="Form" />
        <CopyAction text={text}>Copy</CopyAction>
      </Group>
      <pre className={styles.code} tabIndex={0} aria-label={label} data-form={form}>{shown.length <= coloured_characters_max ? coloured(shown) : shown}</pre>
    </Box>
  );
}
