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
const isGiven = (value: unknown) => value !== undefined && value !== null && !nothing.has(String(value))

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

  /** Text and numbers; what else stands there is another thing. */
  text(...names: readonly string[]): string | number | undefined {
    const value = this.value(...names)
    return typeof value === 'string' || typeof value === 'number' ? value : undefined
  }

  /** As JSON, CSV and databases write it. */
  is(...names: readonly string[]): boolean {
    return /^(?:true|t|1|yes)$/i.test(String(this.value(...names) ?? ''))
  }

  /** For what is true unless it is said otherwise. */
  isNot(...names: readonly string[]): boolean {
    return /^(?:false|f|0|no)$/i.test(String(this.value(...names) ?? ''))
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
