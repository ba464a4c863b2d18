import {useQuery} from '@tanstack/react-query';

import {api, body} from './client';
import type {Endpoint} from './shapes';

export function useEndpoints(integration_id: string) {
  return useQuery({
    queryKey: ['endpoints', integration_id],
    queryFn: () => body(api.GET('/v1/endpoints', {params: {query: {integration_id, limit: 500}}})),
    refetchInterval: 15_000,
  });
}

export function useEndpoint(id: string, integration_id: string, refresh = true) {
  return useQuery({
    queryKey: ['endpoint', id],
    queryFn: () => body(api.GET('/v1/endpoints/{id}', {params: {path: {id}, query: {integration_id}}})),
    refetchInterval: refresh ? 5000 : false,
  });
}

/** What a person calls an endpoint, by its id. */
export function useEndpointNames(integration_id: string): (id: string) => string {
  const {data} = useEndpoints(integration_id);
  const names = new Map(data?.data.map((each) => [each.id, endpoint_name(each)]));
  return (id) => names.get(id) ?? id;
}

export function endpoint_name({description, url}: Endpoint): string {
  return description || url.replace(/^https?:\/\//, '');
}
