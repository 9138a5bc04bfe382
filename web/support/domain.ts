/** In place of `node:url`, whose one function the parsers need: a browser's URL does the same. */
export function domainToASCII(domain: string): string {
  try {
    return new URL(`http://${domain}`).hostname
  } catch {
    return ''
  }
}
