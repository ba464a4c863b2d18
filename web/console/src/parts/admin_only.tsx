import {Lock} from 'lucide-react';
import type {ReactNode} from 'react';

import {useMayChange} from '../api/member';
import {Notice} from './states';

/** What viewers could only be refused is not shown to them. */
export function AdminOnly({children}: {children: ReactNode}) {
  return useMayChange() ? <>{children}</> : null;
}

/** A whole page that is about changing something. */
export function AdminPage({children}: {children: ReactNode}) {
  if (useMayChange()) return <>{children}</>;
  return <Notice icon={Lock} title="Only admins change this" colour="yellow">You may read everything here. Ask an admin of your company for more.</Notice>;
}
