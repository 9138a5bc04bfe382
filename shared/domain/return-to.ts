/**
 * Where the pages may lead back to: addresses that the deployer lists, and nothing else. What is judged is followed as it was
 * judged: callers use the address that comes back, never the text that was asked for.
 */

/** Longer ones are refused by servers too. */
const longest = 2000

/** Nothing that a browser would mend on the way (`\` for `/`, line breaks, `https:host`), and no sign-in before the host. */
const writtenOut = /^https?:\/\/[^\s\p{C}\\/?#@*]+(?:[/?#][^\s\p{C}\\]*)?$/iu

/** Some servers undo these, or take `..;` for `..`, and find a way up where browsers saw none. */
const hidesAWay = /%(?:2e|2f|3b|5c|25)|\/\.{1,2};/i

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function parsed(text: string): URL | undefined {
  if (text.length > longest || !writtenOut.test(text)) return undefined
  try {
    const url = new URL(text)
    return hidesAWay.test(url.pathname) ? undefined : url
  } catch {
    return undefined
  }
}

export const returnRefusal =
  'must be an https address without sign-in, query or fragment, such as https://app.your.domain/account'

/**
 * One entry of the list: an exact origin and the beginning of a path.
 * @param local on one machine: http too, on the loopback alone
 * @returns it as browsers write it, or undefined
 */
export function returnAddress(text: string, local = false): string | undefined {
  const url = /[?#]/.test(text) ? undefined : parsed(text)
  const isSafe = url?.protocol === 'https:' || (local && loopback.has(url?.hostname ?? ''))
  return isSafe ? url?.href : undefined
}

/**
 * @param text entries, parted by commas
 * @param name of the setting, for whoever reads the error
 * @throws Error that names the first entry that is none
 */
export function readReturnTo(text: string, name: string, local = false): string[] {
  const entries = text.split(',').map((entry) => entry.trim())
  return entries.filter(Boolean).map((entry) => {
    const address = returnAddress(entry, local)
    if (address === undefined) throw new Error(`${name} has "${entry}", and each entry ${returnRefusal}.`)
    return address
  })
}

/** `/app` holds `/app` and `/app/orders`, and not `/apple`. */
const holds = (prefix: string, path: string) =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)

/**
 * Where a page leads back to.
 * @param asked what its address names, as it came
 * @param list entries as {@link returnAddress} gives them
 * @returns the address asked for where an entry has its very origin and begins its path; else the first entry; undefined without any
 */
export function addressBack(asked: string | null, list: readonly string[]): string | undefined {
  const url = parsed(asked ?? '')
  const isListed = list.some((entry) => {
    const { protocol, host, pathname } = new URL(entry)
    return url?.protocol === protocol && url.host === host && holds(pathname, url.pathname)
  })
  return isListed ? url?.href : list[0]
}
