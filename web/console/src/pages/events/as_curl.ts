// Headers that curl writes by itself; secrets in the others are masked already.
const own = new Set(['host', 'content-length', 'connection', 'accept-encoding']);

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

/** The request as a command for a shell. `head` is the request's head as it was sent. */
export function as_curl(url: string, head: string, payload: string): string {
  const headers = head.split(/\r?\n/).filter((line) => /^[^\s:]+:/.test(line) && !own.has(line.slice(0, line.indexOf(':')).toLowerCase()));
  return [`curl -i -X POST ${quoted(url)}`, ...headers.map((line) => `-H ${quoted(line)}`), `--data-binary ${quoted(payload)}`].join(' \\\n  ');
}
