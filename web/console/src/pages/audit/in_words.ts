const verbs: Record<string, string> = {POST: 'Created', PATCH: 'Changed', PUT: 'Put', DELETE: 'Deleted'};
const acts: Record<string, string> = {
  enable: 'Enabled', pause: 'Paused', disable: 'Disabled', recover: 'Recovered', rotate: 'Rotated', reveal: 'Revealed', retry: 'Retried',
  replay: 'Replayed', cancel: 'Cancelled', renew: 'Renewed', revoke: 'Revoked', 'rotate-secret': 'Rotated the secret of', test: 'Tested',
};

const others: Record<string, string> = {
  'POST /v1/auth/setup': 'Set up the console', 'POST /v1/auth/accept': 'Joined', 'POST /v1/auth/password': 'Changed the password', 'POST /v1/auth/reset/confirm': 'Set a new password',
  'POST /v1/members/{id}/end-sessions': 'Ended the sessions of member', 'POST /v1/invitations/{id}/resend': 'Sent again invitation',
};

/** `POST /v1/endpoints/{id}/pause` is `Paused endpoint`. */
export function in_words(action: string): string {
  const known = others[action];
  if (known) return known;
  const [method = '', path = ''] = action.split(' ');
  const words = path.split('/').filter((part) => part && part !== 'v1' && !part.startsWith('{'));
  const last = words.at(-1) ?? '';
  const verb = acts[last];
  const nouns = verb ? words.slice(0, -1) : words;
  const noun = (nouns.at(-1) ?? '').replace(/-/g, ' ').replace(/ies$/, 'y').replace(/(ch|s|x)es$/, '$1').replace(/s$/, '');
  return verbs[method] ? `${verb ?? verbs[method]} ${noun}` : action;
}
