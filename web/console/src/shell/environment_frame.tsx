// Around every page of one environment: which deployment, and whether it is the one that people depend on.
import {Select, Text} from '@mantine/core';
import {FlaskConical, Radio} from 'lucide-react';
import {createContext, useContext, useEffect} from 'react';
import {Link, Outlet, useLocation, useNavigate} from 'react-router-dom';

import {place_of, remember_place, useDeployments, useIntegrationId, type Place} from '../api/environment';
import type {Deployment} from '../api/shapes';
import {Asked} from '../parts/states';
import {Nowhere} from './broken';
import styles from './shell.module.css';

const PlaceContext = createContext<Place | null>(null);

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('this page is of no environment');
  return place;
}

const environments = [
  ['test', 'Test', FlaskConical, 'For trying things out. Nothing here reaches production.'],
  ['production', 'Production', Radio, 'Live: people and receivers depend on this.'],
] as const;

/** The page that `pathname` shows, of the other environment: a list stays, a single thing becomes its list. */
function same_page(pathname: string, integration_id: string): string {
  const page = pathname.split('/')[3] ?? 'overview';
  return `/i/${integration_id}/${page}`;
}

function PlaceBar({place, deployments}: {place: Place; deployments: Deployment[]}) {
  const {pathname} = useLocation();
  const navigate = useNavigate();
  return (
    <div className={`${styles.place} ${styles[place.environment]}`} data-environment={place.environment}>
      <Select
        className={styles.name} aria-label="Deployment" size="sm" searchable={deployments.length > 7} allowDeselect={false}
        data={deployments.map(({id, name}) => ({value: id, label: name}))}
        value={place.deployment.id}
        onChange={(id) => {
          const to = deployments.find((each) => each.id === id);
          if (to) navigate(same_page(pathname, to.environments[place.environment].integration_id));
        }}
      />
      <nav className={styles.tabs} aria-label="Environment">
        {environments.map(([key, name, Icon]) => (
          <Link
            key={key} className={styles.tab} data-environment={key} aria-current={key === place.environment}
            to={same_page(pathname, place.deployment.environments[key].integration_id)}
          >
            <Icon size={15} aria-hidden />{name}
          </Link>
        ))}
      </nav>
      <Text className={styles.says}>{environments.find(([key]) => key === place.environment)?.[3]}</Text>
    </div>
  );
}

export function EnvironmentFrame() {
  const integration_id = useIntegrationId();
  const query = useDeployments();
  useEffect(() => remember_place(integration_id), [integration_id]);
  return (
    <Asked query={query}>
      {({data}) => {
        const place = place_of(data, integration_id);
        if (!place) return <Nowhere />;
        return (
          <PlaceContext.Provider value={place}>
            <PlaceBar place={place} deployments={data} />
            <Outlet />
          </PlaceContext.Provider>
        );
      }}
    </Asked>
  );
}
