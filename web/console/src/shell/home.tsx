import {Navigate} from 'react-router-dom';

import {place_of, remembered_place, useDeployments} from '../api/environment';
import {Asked} from '../parts/states';

/** To the environment that was looked at last, or the newest deployment's production; without any, to make one. */
export function Home() {
  const deployments = useDeployments();
  return (
    <Asked query={deployments}>
      {({data}) => {
        const last = remembered_place();
        const place = last && place_of(data, last) ? last : data[0]?.environments.production.integration_id;
        return <Navigate to={place ? `/i/${place}/overview` : '/deployments'} replace />;
      }}
    </Asked>
  );
}
