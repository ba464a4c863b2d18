import {Button} from '@mantine/core';
import {Bug, SearchX} from 'lucide-react';
import {Link, useRouteError} from 'react-router-dom';

import {Notice} from '../parts/states';

export function Nowhere() {
  return (
    <Notice icon={SearchX} title="There is no such page" action={<Button component={Link} to="/" variant="default" size="xs">To the start</Button>}>
      The address may be mistyped, or from another release.
    </Notice>
  );
}

/** The last resort: a page that failed to be drawn. */
export function Broken() {
  const error = useRouteError();
  return (
    <Notice icon={Bug} title="This page failed" colour="red" action={<Button size="xs" onClick={() => window.location.reload()}>Load it again</Button>}>
      {String(error)}
    </Notice>
  );
}
