// What an attempt's end means in plain words, and what to do about it.
import type {Attempt} from '../api/shapes';

export interface Explanation {
  title: string;
  meaning: string;
  advice: string;
}

const faults: Record<NonNullable<Attempt['error']>, Explanation> = {
  dns: {title: 'The host name was not found', meaning: 'DNS has no address for the host in the URL.', advice: 'Check the URL for a typing error, and that the name is public.'},
  address_refused: {title: 'The address is not allowed', meaning: 'The host leads to a private or local address, which this server does not send to.', advice: 'Use a public address, or let the operator allow private ones.'},
  connect: {title: 'The receiver could not be reached', meaning: 'Nothing took the connection at that host and port.', advice: 'Check that the receiver runs, and that its firewall lets this server in.'},
  tls: {title: 'The secure connection failed', meaning: 'The receiver’s certificate was refused, or both sides speak no common version of TLS.', advice: 'Look at the certificate: its name, its end date, and that its whole chain is served.'},
  timeout: {title: 'The receiver took too long', meaning: 'No complete answer came within the endpoint’s time limit.', advice: 'Let the receiver store the event, answer at once and work afterwards; or raise the time limit.'},
  connection: {title: 'The connection broke', meaning: 'The receiver, or something before it, closed the connection before the answer was complete.', advice: 'Look into the receiver’s log, and that of any proxy before it, at this time.'},
  protocol: {title: 'The answer was no HTTP', meaning: 'What came back could not be read as an HTTP answer.', advice: 'Check that the port speaks HTTP, and https where the URL says so.'},
  too_large: {title: 'The answer was too large', meaning: 'The receiver sent more than a webhook’s answer may have.', advice: 'Answer with a short body, or none.'},
  configuration: {title: 'The endpoint’s settings do not work', meaning: 'The request could not be made from its settings, for example since no token was given.', advice: 'Open the endpoint and look at its authentication and certificate.'},
};

function of_status(status: number): Explanation {
  if (status >= 200 && status < 300) return {title: `Answered ${status}`, meaning: 'The receiver answered, and the endpoint’s rule of success decides.', advice: 'If only 200 counts as success, let the receiver answer 200.'};
  if (status < 400) return {title: 'Redirected', meaning: 'Redirects are never followed: the event goes where it was told to go.', advice: 'Enter the final URL as the endpoint’s URL.'};
  if (status === 401 || status === 403) return {title: 'The receiver refused the caller', meaning: 'It did not accept the signature or the authentication.', advice: 'Compare the receiver’s key with the one in use here. After a rotation, it must know the new one.'};
  if (status === 404) return {title: 'The receiver has no such address', meaning: 'The host answers, but not at this path.', advice: 'Check the path of the URL.'};
  if (status === 410) return {title: 'The address is gone for good', meaning: 'By the Standard Webhooks rules this switches an endpoint off.', advice: 'Give the endpoint its new URL, then enable it.'};
  if (status === 429) return {title: 'The receiver asks for fewer requests', meaning: 'It has had too many; its Retry-After is honoured.', advice: 'Set a rate limit for the endpoint.'};
  if (status < 500) return {title: `The receiver refused the request (${status})`, meaning: 'It understood the call and did not take it.', advice: 'Its answer below often says why.'};
  return {title: `The receiver failed (${status})`, meaning: 'It had an error of its own.', advice: 'Look into the receiver’s log at this time.'};
}

export function explain({status, error}: Pick<Attempt, 'status' | 'error'>): Explanation {
  if (error) return faults[error];
  return status ? of_status(status) : {title: 'No answer came', meaning: 'The attempt ended without one.', advice: 'Try again.'};
}
