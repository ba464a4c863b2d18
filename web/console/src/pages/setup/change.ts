import {useMutation, useQueryClient} from '@tanstack/react-query';
import type {UseFormReturnType} from '@mantine/form';

import {api, as_problem, body} from '../../api/client';
import type {Shapes} from '../../api/client';
import {tell} from '../../parts/tell';

interface Changes {
  retention_days?: number;
  validate_events?: boolean;
  assessment?: Shapes['assessment_settings'];
}

/** Saves a part of an integration's settings; what the server refuses shows at the field it names. */
export function useChange<Values extends Record<string, unknown>>(integration_id: string, form: UseFormReturnType<Values>, below = '') {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Changes) => body(api.PATCH('/v1/integrations/{integration_id}', {params: {path: {integration_id}}, body: changes})),
    onSuccess: (made) => {
      queries.setQueryData(['integration', integration_id], made);
      form.resetDirty();
      tell('Saved');
    },
    onError: (error) => {
      const problem = as_problem(error);
      const named = problem.errors.map(({pointer, detail}) => [pointer.replace(below, '').slice(1).replace(/\//g, '.'), detail] as const);
      form.setErrors(Object.fromEntries(named));
      tell(named.length > 0 ? 'Not saved: look at the fields in red' : problem.message, 'red');
    },
  });
}
