// The API's client, typed by its description, and its failures as one kind of error.
import createClient, {type Middleware} from 'openapi-fetch';

import type {components, paths} from '../../generated/api';

export type Shapes = components['schemas'];

/** What the API refused, and why: RFC 9457, or the plain form of a few addresses. Status 0: no answer came. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly type = '',
    readonly errors: NonNullable<Shapes['problem']['errors']> = [],
  ) {
    super(detail || title);
  }
}

async function problem_of(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    const told = JSON.parse(text) as Partial<Shapes['problem']>;
    return new Problem(answer.status, told.title ?? answer.statusText, told.detail ?? '', told.type, told.errors);
  } catch {
    return new Problem(answer.status, answer.statusText || `Status ${answer.status}`, '');
  }
}

const guarded: Middleware = {
  onRequest({request}) {
    if (request.method !== 'GET') request.headers.set('X-Posthorn-Console', '1');
    return request;
  },
  async onResponse({response}) {
    if (!response.ok) throw await problem_of(response);
  },
  onError() {
    return new Problem(0, 'No answer', 'The server cannot be reached. Check your connection; this page tries again.');
  },
};

export const api = createClient<paths>({baseUrl: window.location.origin});
api.use(guarded);

/** The JSON of an answer. What is not 2xx has been thrown as a Problem. */
export async function body<T>(asked: Promise<{data?: T}>): Promise<Exclude<T, string>> {
  const {data} = await asked;
  return data as Exclude<T, string>;
}

/** A call that an answer of the server names, by its method and path. */
export async function guarded_fetch(method: string, path: string): Promise<void> {
  const answer = await fetch(path, {method, headers: {'X-Posthorn-Console': '1'}});
  if (!answer.ok) throw await problem_of(answer);
}

export function as_problem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, 'Something went wrong', String(error));
}
