import {Lock} from 'lucide-react';
import type {ReactNode} from 'react';

import {useMayChange} from '../api/member';
import {Notice} from './states';

/** What viewers could only be refused is not shown to them. */
export function AdminOnly({children}: {children: ReactNode}) {
  return useMayChange() ? <>{children}</> : null;
}

/** A whole page, or part of one, that is for admins. */
export function AdminPage({title = 'Only admins change this', children}: {title?: string; children: ReactNode}) {
  if (useMayChange()) return <>{children}</>;
  return <Notice icon={Lock} title={title} colour="yellow">Your role is viewer. Ask an admin of your company for more.</Notice>;
}
