import {Text} from '@mantine/core';

import type {Result} from '../../api/shapes';
import styles from './traits.module.css';

/** Each trait from 0 to 100, coloured by the risk that it speaks of. */
export function Traits({traits}: {traits: NonNullable<Result['traits']>}) {
  return (
    <figure className={styles.figure}>
      <figcaption><Text size="xs" c="dimmed">Traits, from 0 to 100; the colour is the risk: <b className={styles.LOW}>low</b>, <b className={styles.MEDIUM}>medium</b>, <b className={styles.HIGH}>high</b></Text></figcaption>
      <dl className={styles.traits}>
        {traits.map(({key, value, risk_band}) => (
          <div key={key}>
            <dt>{key.replace(/_/g, ' ')}</dt>
            <dd>
              <span className={styles.track} aria-hidden><span className={`${styles.bar} ${styles[risk_band]}`} style={{width: `${value}%`}} /></span>
              <span className={styles.value}>{value}<span className={styles.hidden}>, {risk_band.toLowerCase()} risk</span></span>
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
