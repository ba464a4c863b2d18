// Who is logged in, and what that allows. The server decides; the page only leaves out what it would refuse.
import {useQuery} from '@tanstack/react-query';
import {createContext, useContext} from 'react';

import {api, body, type Shapes} from './client';

export type Me = Shapes['me'];
export type Member = Shapes['member'];
export type Invitation = Shapes['invitation'];

export function useMe() {
  return useQuery({queryKey: ['me'], queryFn: () => body(api.GET('/v1/auth/me')), staleTime: 60_000});
}

export const MeContext = createContext<Me | null>(null);

export function useMember(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('nobody is logged in here');
  return me;
}

/** What a member is called, by its id; the id itself of who has left. */
export function useMemberNames(): (id: string) => string {
  const {data} = useQuery({queryKey: ['members', 'names'], queryFn: () => body(api.GET('/v1/members', {params: {query: {limit: 500}}})), staleTime: 60_000});
  const names = new Map(data?.data?.map(({id, name}) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/** Whether changes are allowed: viewers only read. */
export function useMayChange(): boolean {
  return useMember().member.role === 'admin';
}
