import {Center, Loader} from '@mantine/core';
import {Navigate, useLocation} from 'react-router-dom';

import {as_problem} from '../api/client';
import {MeContext, useMe} from '../api/member';
import {Failure} from '../parts/states';
import {Shell} from './shell';

/** The console for who is logged in; everybody else is sent to the door, and back afterwards. */
export function SignedIn() {
  const {data, error, refetch} = useMe();
  const {pathname, search} = useLocation();
  if (error && as_problem(error).status === 401) {
    const from = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/login${from}`} replace />;
  }
  if (data) return <MeContext.Provider value={data}><Shell /></MeContext.Provider>;
  return <Center h="100vh">{error ? <Failure error={error} again={() => void refetch()} /> : <Loader aria-label="Loading" />}</Center>;
}
