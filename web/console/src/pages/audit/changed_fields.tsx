import {Text} from '@mantine/core';

import type {Change} from '../../api/shapes';
import styles from './changed_fields.module.css';

type Fields = Change['before'];

function told(value: unknown): string {
  return typeof value === 'string' ? value || '“”' : JSON.stringify(value);
}

/** What a change put in place of what: in one line, and in full once opened. */
export function ChangedFields({before, after}: {before: Fields; after: Fields}) {
  const was: Record<string, unknown> = before ?? {};
  const is: Record<string, unknown> = after ?? {};
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  if (names.length === 0) return null;
  return (
    <details className={styles.fields}>
      <summary><Text span size="xs" c="dimmed">{names.map((name) => (name in is ? `${name}: ${told(is[name])}` : `${name}: removed`)).join(', ')}</Text></summary>
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name in was && <del>{told(was[name])}</del>}{name in was && name in is && ' → '}{name in is && <ins>{told(is[name])}</ins>}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
