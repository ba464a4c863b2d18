import {Activity, Award, BookOpen, Boxes, Gauge, Link2, RadioTower, RotateCcw, Route, ScrollText, ShieldUser, SlidersHorizontal, Stethoscope, Users, type LucideIcon} from 'lucide-react';
import {NavLink, useParams} from 'react-router-dom';

import {remembered_place} from '../api/environment';
import styles from './shell.module.css';

type Item = [to: string, name: string, icon: LucideIcon];

const of_environment: Item[] = [
  ['overview', 'Overview', Gauge],
  ['events', 'Events', Activity],
  ['endpoints', 'Endpoints', RadioTower],
  ['journeys', 'Journeys', Route],
  ['links', 'Links', Link2],
  ['certificates', 'Certificates', Award],
  ['replays', 'Replays', RotateCcw],
  ['diagnose', 'Diagnose', Stethoscope],
  ['personal-data', 'Personal data', ShieldUser],
  ['setup', 'Setup', SlidersHorizontal],
];

const of_company: Item[] = [
  ['/deployments', 'Deployments', Boxes],
  ['/event-types', 'Event types', BookOpen],
  ['/team', 'Team', Users],
  ['/audit', 'Audit', ScrollText],
];

function Items({items, below = ''}: {items: Item[]; below?: string}) {
  return items.map(([to, name, Icon]) => (
    <NavLink key={to} to={below + to} className={styles.item}><Icon size={17} aria-hidden />{name}</NavLink>
  ));
}

export function Navigation() {
  const {integration_id = remembered_place()} = useParams();
  return (
    <>
      {integration_id && <><div className={styles.group}>Environment</div><Items items={of_environment} below={`/i/${integration_id}/`} /></>}
      <div className={styles.group}>Company</div>
      <Items items={of_company} />
    </>
  );
}
