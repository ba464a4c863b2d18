import {api, body} from './client';
import type {Read} from './pages';

/** When the newest event after a cursor was accepted. */
export async function event_time_after(integration_id: string, read: Read): Promise<string | null> {
  const {data} = await body(api.GET('/v1/events', {params: {query: {integration_id, ...read}}}));
  return data[0]?.accepted_at ?? null;
}
