/** Have I Been Pwned, by k-anonymity: five hex digits of a SHA-1 leave the process, never the password. */
import { createHash } from 'node:crypto'
import { settings } from '../settings.ts'

export type BreachCheck = 'breached' | 'passed' | 'skipped'

const prefixLength = 5
const row = /^[0-9A-F]{35}:[0-9]+$/i

/** @returns how often a suffix was seen; 0 when it is not listed, or only as padding. @throws Error when this is no list. */
function countOf(suffix: string, body: string): number {
  const lines = body.split(/\r?\n/).filter((line) => line !== '')
  if (lines.length === 0 || !lines.every((line) => row.test(line)))
    throw new Error('The breach service sent something that is not a list of hashes')
  const listed = lines.find((line) => line.toUpperCase().startsWith(`${suffix}:`))
  return Number(listed?.slice(suffix.length + 1) ?? 0)
}

/**
 * Looks a password up in the range API, asking for padding so that the reply's size tells nothing.
 * @returns `skipped` when there is no whole answer within HIBP_TIMEOUT_MS: a reset does not wait for it
 */
export async function checkBreached(password: string): Promise<BreachCheck> {
  const hash = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase()
  const prefix = hash.slice(0, prefixLength)
  const { HIBP_URL, HIBP_TIMEOUT_MS } = settings()
  try {
    const response = await fetch(`${HIBP_URL.replace(/\/+$/, '')}/range/${prefix}`, {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'latchkey' },
      redirect: 'error',
      signal: AbortSignal.timeout(HIBP_TIMEOUT_MS),
    })
    if (!response.ok) return 'skipped'
    return countOf(hash.slice(prefixLength), await response.text()) > 0 ? 'breached' : 'passed'
  } catch {
    return 'skipped'
  }
}
