// Which integration a page is about: the address names it, and the list of deployments knows what it is.
import {useQuery} from '@tanstack/react-query';
import {useParams} from 'react-router-dom';

import {api, body} from './client';
import type {Deployment, Environment} from './shapes';

export function useDeployments() {
  return useQuery({
    queryKey: ['deployments'],
    queryFn: () => body(api.GET('/v1/deployments', {params: {query: {limit: 500}}})),
    staleTime: 60_000,
  });
}

export interface Place {
  integration_id: string;
  environment: Environment;
  deployment: Deployment;
}

export function place_of(deployments: Deployment[], integration_id: string): Place | null {
  for (const deployment of deployments) {
    for (const environment of ['test', 'production'] as const) {
      if (deployment.environments[environment].integration_id === integration_id) return {integration_id, environment, deployment};
    }
  }
  return null;
}

/** The integration in the address; pages below /i/:integration_id alone may ask. */
export function useIntegrationId(): string {
  const {integration_id} = useParams();
  if (!integration_id) throw new Error('there is no integration in the address');
  return integration_id;
}

const last_place = 'posthorn.place';

export function remember_place(integration_id: string) {
  localStorage.setItem(last_place, integration_id);
}

export function remembered_place(): string | null {
  return localStorage.getItem(last_place);
}
