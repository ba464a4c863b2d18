import {keepPreviousData, useQuery} from '@tanstack/react-query';

import {api, body, type Shapes} from './client';

export type Stats = Shapes['stats'];
export type Range = Stats['range'];

export const ranges: [Range, string][] = [['1h', '1 hour'], ['24h', '24 hours'], ['7d', '7 days'], ['30d', '30 days']];

export function useStats(integration_id: string, range: Range, endpoint_id?: string) {
  return useQuery({
    queryKey: ['stats', integration_id, range, endpoint_id],
    queryFn: () => body(api.GET('/v1/stats', {params: {query: {integration_id, range, endpoint_id}}})),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}
