import {lazy, Suspense, type ComponentType} from 'react';
import {createBrowserRouter, type RouteObject} from 'react-router-dom';

import {AdminPage} from './parts/admin_only';
import {Lines} from './parts/states';
import {Broken, Nowhere} from './shell/broken';
import {EnvironmentFrame} from './shell/environment_frame';
import {Home} from './shell/home';
import {SignedIn} from './shell/signed_in';

/** Each page comes with its own part of the program, when it is first opened. */
function page(path: string, load: () => Promise<{default: ComponentType}>): RouteObject {
  const Page = lazy(load);
  return {path, element: <Suspense fallback={<Lines />}><Page /></Suspense>};
}

function admin_page(path: string, load: () => Promise<{default: ComponentType}>): RouteObject {
  const Page = lazy(load);
  return {path, element: <AdminPage><Suspense fallback={<Lines />}><Page /></Suspense></AdminPage>};
}

const of_environment: RouteObject[] = [
  page('overview', () => import('./pages/overview/overview')),
  page('events', () => import('./pages/events/event_list')),
  page('events/live', () => import('./pages/events/live_tail')),
  page('events/:id', () => import('./pages/events/event_page')),
  page('endpoints', () => import('./pages/endpoints/endpoint_list')),
  page('journeys', () => import('./pages/journeys/journey_list')),
  page('journeys/:id', () => import('./pages/journeys/journey_page')),
  page('links', () => import('./pages/links/link_batches')),
  page('links/:id', () => import('./pages/links/link_batch')),
  page('certificates', () => import('./pages/certificates/certificates')),
  page('replays', () => import('./pages/replays/replays')),
  page('personal-data', () => import('./pages/personal_data/personal_data')),
  page('diagnose', () => import('./pages/diagnose/diagnose')),
  page('setup', () => import('./pages/setup/setup')),
  admin_page('endpoints/new', () => import('./pages/endpoints/endpoint_new')),
  admin_page('endpoints/:id/edit', () => import('./pages/endpoints/endpoint_edit')),
  page('endpoints/:id', () => import('./pages/endpoints/endpoint_page')),
];

export const router = createBrowserRouter([
  page('/login', () => import('./pages/door/login')),
  page('/setup', () => import('./pages/door/setup_first')),
  page('/invitation', () => import('./pages/door/invitation')),
  page('/reset', () => import('./pages/door/reset')),
  {
    path: '/',
    element: <SignedIn />,
    errorElement: <Broken />,
    children: [
      {index: true, element: <Home />},
      {path: 'i/:integration_id', element: <EnvironmentFrame />, children: of_environment},
      page('deployments', () => import('./pages/deployments/deployment_list')),
      page('event-types', () => import('./pages/event_types/event_types')),
      page('team', () => import('./pages/team/team')),
      page('settings', () => import('./pages/settings/settings')),
      page('audit', () => import('./pages/audit/audit')),
      {path: '*', element: <Nowhere />},
    ],
  },
], {basename: '/console', future: {v7_relativeSplatPath: true, v7_fetcherPersist: true, v7_normalizeFormMethod: true, v7_partialHydration: true, v7_skipActionErrorRevalidation: true}});
