/** As the server judges addresses that a browser opens. */
export function https_or_empty(text: string): string | null {
  if (!text) return null;
  try {
    const url = new URL(text);
    if (url.protocol !== 'https:') return 'Begin with https://';
    return url.hash ? 'Leave out what follows #' : null;
  } catch {
    return 'Not an address, such as https://example.com/page';
  }
}
