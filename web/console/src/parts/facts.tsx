import type {ReactNode} from 'react';

import styles from './facts.module.css';

/** Names and values, side by side. */
export function Facts({of}: {of: [name: string, value: ReactNode][]}) {
  return (
    <dl className={styles.facts}>
      {of.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}
