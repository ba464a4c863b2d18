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

/** What an endpoint begins with, by each preset. */
export function useEndpointPresets(integration_id: string) {
  return useQuery({
    queryKey: ['endpoint-presets'],
    queryFn: () => body(api.GET('/v1/endpoint-presets', {params: {query: {integration_id}}})),
    staleTime: Infinity,
  });
}

/** What a person calls an endpoint, by its id. */
export function useEndpointNames(integration_id: string): (id: string) => string {
  const {data} = useEndpoints(integration_id);
  const names = new Map(data?.data.map((each) => [each.id, endpoint_name(each)]));
  return (id) => names.get(id) ?? id;
}

const severity: Record<Endpoint['state'], number> = {disabled: 0, degraded: 1, active: 2, paused: 3};

/** Whether somebody should look: also while too few attempts have failed for another state. */
export function needs_attention({state, condition}: Endpoint): boolean {
  return state !== 'active' || condition.failing_since !== null;
}

/** Those that fail by themselves, those that were paused, and the rest. */
export function worst_first(endpoints: Endpoint[]): Endpoint[] {
  const rank = (each: Endpoint) => (needs_attention(each) ? severity[each.state] : Infinity);
  return [...endpoints].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

export function endpoint_name({description, url}: Endpoint): string {
  return description || url.replace(/^https?:\/\//, '');
}
