/** RFC 8785 canonical JSON, narrowed to what a ledger holds: strings, booleans, objects, arrays and safe integers. */
import serialise from 'canonicalize'

/**
 * @returns the canonical text of a value.
 * @throws Error on a lone surrogate, or on a value that JSON cannot hold.
 */
export function canonical(value: object): string {
  const text = serialise(value)
  if (text === undefined) throw new Error('A value without a JSON form cannot be part of the ledger.')
  return text
}

/** Of a line. Entries need three levels. What one verifier's stack bears another's may not, so the format sets an end. */
export const deepestLevel = 32

/** Whether every object's keys stand in code unit order, and every number and string is one that the format allows. */
function inOrder(value: unknown, level = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  if (level === deepestLevel) return false
  if (Array.isArray(value)) return value.every((part) => inOrder(part, level + 1))
  let last = ''
  for (const key in value) {
    if (key < last || !key.isWellFormed() || !inOrder((value as Record<string, unknown>)[key], level + 1))
      return false
    last = key
  }
  return true
}

/** Whether every number is a safe integer, and nothing is nested too deep. */
function allowed(value: unknown, level = 0): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  return level < deepestLevel && Object.values(value).every((part) => allowed(part, level + 1))
}

/**
 * Whether `text`, which parsed to `value`, is its one canonical form: no space, no second way to write the same, no
 * repeated key. With keys in order the engine's own serialiser writes RFC 8785, in a quarter of the library's time;
 * only what fails that test (keys that look like array indices are reordered by parsing) is serialised by the library.
 */
export function isCanonical(value: object, text: string): boolean {
  try {
    if (inOrder(value) && JSON.stringify(value) === text) return true
    return allowed(value) && canonical(value) === text
  } catch {
    return false
  }
}
