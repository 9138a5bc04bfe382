/** Reads the records of other systems, however their fields are spelled and whatever type a value has. */
import type { Fields } from './source.ts'

/** `User ID`, `user_id` and `userId` are one name. */
export const nameKey = (name: string): string =>
  name
    .replace(/^\ufeff/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')

/** What databases write where there is nothing. */
const nothing = new Set(['', 'NULL', 'null', '\\N'])
function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isGiven)
  return value !== undefined && value !== null && !(typeof value === 'string' && nothing.has(value))
}

/** What a list or an object holds is no word. */
const wordOf = (value: unknown) => (typeof value === 'object' ? '' : String(value))

/** Lets a value be asked for by any of the names it may have; nothing is empty text. */
export class Reader {
  readonly #values: ReadonlyMap<string, unknown>

  constructor(fields: Fields) {
    this.#values = new Map(Object.entries(fields).map(([name, value]) => [nameKey(name), value]))
  }

  /** The first that is there. */
  value(...names: readonly string[]): unknown {
    return names.map((name) => this.#values.get(nameKey(name))).find(isGiven)
  }

  /** Text and numbers. A list or an object is handed on, to be refused by its field: else somebody would come in without it. */
  text(...names: readonly string[]): unknown {
    const value = this.value(...names)
    return typeof value === 'boolean' ? undefined : value
  }

  /** As JSON, CSV and databases write it. */
  is(...names: readonly string[]): boolean {
    return /^(?:true|t|1|yes)$/i.test(wordOf(this.value(...names)))
  }

  /** For what is true unless it is said otherwise. */
  isNot(...names: readonly string[]): boolean {
    return /^(?:false|f|0|no)$/i.test(wordOf(this.value(...names)))
  }

  /** An object, or one that was written down as JSON. */
  object(...names: readonly string[]): Fields {
    const value = this.value(...names)
    return objectOf(typeof value === 'string' ? parsed(value) : value) ?? {}
  }

  list(...names: readonly string[]): readonly unknown[] {
    const value = this.value(...names)
    return Array.isArray(value) ? value : []
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const objectOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined

/** The list that an object holds under one of these names. */
export function listIn(document: unknown, ...names: readonly string[]): readonly unknown[] | undefined {
  const object = objectOf(document)
  return object && names.map((name) => object[name]).find((value) => Array.isArray(value))
}

/** Seconds up to the year 5138; in milliseconds that is 1973. */
const leastMilliseconds = 1e11

/** Epoch milliseconds or seconds, or a date as JSON and databases write it; NaN for all else, `infinity` of PostgreSQL too. */
function momentOf(value: unknown): number {
  const word = wordOf(value).trim()
  // Fewer digits are no moment of these years, but a date such as 20991231, or a count.
  if (/^[1-9][0-9]{9,}(?:\.[0-9]+)?$/.test(word))
    return Number(word) * (Number(word) < leastMilliseconds ? 1000 : 1)
  // Of other texts, Date.parse makes a date of any year that it finds in them.
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])/.test(word) ? Date.parse(word) : Number.NaN
}

/** Whether the end of a ban is past for certain: one that cannot be read lets nobody in. */
export const isOver = (end: unknown): boolean => momentOf(end) <= Date.now()

/** Suspended in the old system is suspended here; active there says nothing, so that a support's suspension stays. */
export const suspendedIf = (isSuspended: boolean) => (isSuspended ? { status: 'suspended' } : {})

/** Many systems let an email be the name: then it is the email, and no username is needed. */
export function names(username: unknown, email: unknown): Fields {
  const name = typeof username === 'string' ? username.trim() : username
  const isAddress = typeof name === 'string' && name.includes('@')
  return {
    ...(email !== undefined && { email }),
    ...(isAddress && email === undefined && { email: name }),
    ...(!isAddress && name !== undefined && { username: name }),
  }
}
