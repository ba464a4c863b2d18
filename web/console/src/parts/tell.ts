// Short news at the page's edge, from anywhere: what an action has come to.
export interface News {
  id: number;
  text: string;
  colour: 'teal' | 'red';
}

type Listener = (news: News) => void;

const listeners = new Set<Listener>();
let count = 0;

export function tell(text: string, colour: News['colour'] = 'teal') {
  count += 1;
  for (const listener of listeners) listener({id: count, text, colour});
}

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
