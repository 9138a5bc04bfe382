import { createHash, timingSafeEqual } from 'node:crypto'

const sha256 = (value: string | Uint8Array) => createHash('sha256').update(value).digest()

/** Whether two values are the same, in a time that tells nothing of where they differ. Strings are taken as UTF-8. */
export function matches(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}
