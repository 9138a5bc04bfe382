/** Lines of an export, taken apart: each must be the canonical form of one object with the fields that a verifier needs. */
import { deepestLevel, isCanonical } from './canonical.ts'
import { chainPattern } from './chains.ts'
import type { Checkpoint, Leaf, SignedStatement } from './checkpoint.ts'
import type { Entry } from './entry.ts'
import { Tampered, Unusable } from './findings.ts'
import { isNestedDeeper } from './json-text.ts'

type Fields = Record<string, unknown>

const hashPattern = /^[0-9a-f]{64}$/
const isHash = (value: unknown) => typeof value === 'string' && hashPattern.test(value)
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isNumber = (value: unknown) => isCount(value) && (value as number) >= 1
const isText = (value: unknown) => typeof value === 'string'
const isChain = (value: unknown) => typeof value === 'string' && chainPattern.test(value)
/** The one way to write it: padded, and no bits behind the last byte. */
const isBase64 = (value: unknown) =>
  typeof value === 'string' && value !== '' && Buffer.from(value, 'base64').toString('base64') === value

/** Hashes of entries are compared with computed ones, so their form need not be looked at. */
const entryFields = { chain: isChain, seq: isNumber, prevHash: isText, hash: isText, writtenAt: isCount }
const leafFields = { chain: isChain, seq: isNumber, hash: isHash }
const statementFields = {
  number: isNumber,
  at: isCount,
  count: isCount,
  root: isHash,
  prevHash: isHash,
  keyId: isText,
  signature: isBase64,
}

/** @returns the name of a field that is missing or not as it should be. */
function wrongField(fields: Fields, rules: Record<string, (value: unknown) => boolean>): string | undefined {
  for (const name in rules) if (!rules[name]?.(fields[name])) return name
  return undefined
}

/** @throws Unusable when the text is not JSON; Tampered when it is not one object in canonical form, or nested too deep. */
function objectIn(text: string, where: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    if (isNestedDeeper(text, deepestLevel)) throw new Tampered(where, 'it is nested too deep')
    throw new Unusable(`${where} is not JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Tampered(where, 'it is not an object')
  if (!isCanonical(value, text)) throw new Tampered(where, 'it is not in canonical form (RFC 8785)')
  return value as Fields
}

/**
 * @param where names the line in findings
 * @throws Unusable, Tampered
 */
export function parseEntry(text: string, where: string): Entry {
  const fields = objectIn(text, where)
  const wrong = wrongField(fields, entryFields)
  if (wrong) throw new Tampered(where, `the field ${wrong} is missing or malformed`)
  return fields as unknown as Entry
}

/**
 * @param where names the line in findings
 * @throws Unusable, Tampered
 */
export function parseStatement(text: string, where: string): SignedStatement {
  const fields = objectIn(text, where)
  const wrong = wrongField(fields, statementFields)
  if (wrong) throw new Tampered(where, `the field ${wrong} is missing or malformed`)
  return fields as unknown as SignedStatement
}

/** @throws Unusable, Tampered */
export function parseCheckpoint(text: string, line: number): Checkpoint {
  const where = `checkpoints.ndjson line ${line}`
  const checkpoint = parseStatement(text, where) as SignedStatement & { leaves?: unknown }
  if (!Array.isArray(checkpoint.leaves)) throw new Tampered(where, 'the field leaves is missing or malformed')
  for (const leaf of checkpoint.leaves as (Leaf | null)[]) {
    if (typeof leaf !== 'object' || leaf === null || wrongField(leaf as unknown as Fields, leafFields))
      throw new Tampered(where, 'a leaf is malformed')
    if (Object.keys(leaf).length !== 3) throw new Tampered(where, 'a leaf has fields that nothing proves')
  }
  return checkpoint as unknown as Checkpoint
}
