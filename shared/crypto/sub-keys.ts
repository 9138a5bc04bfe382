/**
 * Sub-keys: KMS's MAC of a use and a window of time, asked for once a container and window and then used in memory. Whoever
 * may have KMS make MACs with the key has them, so that rights end where they did; a leak of memory is worth the windows that
 * are kept (docs/adr/0089-sub-keys.md).
 */
import { createHmac } from 'node:crypto'
import { perEnvironment } from '../per-environment.ts'
import { generateMac, type MacUse, messageOf } from './kms.ts'

type Window = 'hour' | 'day'
const windowMs: Readonly<Record<Window, number>> = { hour: 3_600_000, day: 24 * 3_600_000 }
/** Of `2026-11-26T23:59:59.999Z`. */
const characters: Readonly<Record<Window, number>> = { hour: 13, day: 10 }

/** The window that a moment (epoch ms) lies in: `2026-11-26T23` or `2026-11-26`. */
export const windowOf = (window: Window, at: number): string =>
  new Date(at).toISOString().slice(0, characters[window])

/** Whether a window is the one that `now` lies in, or next to it: what was made in one that has just ended still lives. */
export const isNear = (window: Window, name: string, now: number): boolean =>
  [-1, 0, 1].some((step) => name === windowOf(window, now + step * windowMs[window]))

/** This window's and the one before; of links, which live for seven days, those of all of them. */
const mostRemembered: Readonly<Partial<Record<MacUse, number>>> = { link: 9 }
const usuallyRemembered = 2

/** Values by name that are asked for once: all who ask at once share one call, and a failure is not remembered. */
export function rememberOnce<T>(
  memory: Map<string, Promise<T>>,
  most: number,
  name: string,
  make: () => Promise<T>,
): Promise<T> {
  const known = memory.get(name)
  if (known) return known
  const made = make()
  memory.set(name, made)
  made.catch(() => memory.get(name) === made && memory.delete(name))
  const [oldest] = memory.keys()
  if (memory.size > most && oldest !== undefined) memory.delete(oldest)
  return made
}

const remembered = perEnvironment(() => new Map<MacUse, Map<string, Promise<Buffer>>>())

function memoryOf(use: MacUse): Map<string, Promise<Buffer>> {
  const memory = remembered().get(use) ?? new Map<string, Promise<Buffer>>()
  remembered().set(use, memory)
  return memory
}

/**
 * A MAC by KMS, asked for once a container.
 * @throws Unavailable when KMS does not answer, or will not use the key
 */
export const macOnce = (keyId: string, use: MacUse, parts: readonly string[]): Promise<Buffer> =>
  rememberOnce(memoryOf(use), mostRemembered[use] ?? usuallyRemembered, [keyId, ...parts].join(' '), () =>
    generateMac(keyId, use, parts),
  )

/** The sub-key of a use and window. @returns 32 bytes @throws Unavailable as {@link macOnce} */
export const subKey = (keyId: string, use: MacUse, window: string): Promise<Buffer> =>
  macOnce(keyId, use, [window])

/** HMAC-SHA-256 under a sub-key, over a use and its parts. @returns 32 bytes */
export const subMac = (key: Buffer, use: MacUse, parts: readonly (string | Uint8Array)[]): Buffer =>
  createHmac('sha256', key).update(messageOf(use, parts)).digest()
