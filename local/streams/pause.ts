import { setTimeout as sleep } from 'node:timers/promises'

/** Waits, unless or until the stack closes. */
export async function pause(ms: number, closing: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: closing }).catch(() => undefined)
}
