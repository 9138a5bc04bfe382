/** Whom a support person means: by what somebody says on the phone, or by the reference in a message. */
import type * as z from 'zod/mini'
import type { Detail } from '../contract/codes.ts'
import { email, phone, reference, username } from '../contract/schemas.ts'
import type { Identity } from '../domain/identity.ts'
import { identitySubject } from '../domain/subject.ts'
import type { Judged } from '../judged.ts'
import { findIdentity } from '../stores/identities.ts'
import { personOfReference } from '../stores/references.ts'

const schemas = { email, phone, username, reference } as const
type Kind = keyof typeof schemas
const kinds = Object.keys(schemas) as Kind[]

/** A `+` that was not encoded arrives as a space: before digits it was one, and in an address nothing else can have been. */
const withPlus = (value: string) => value.replace(/^ (?=[0-9])|(?<=\S) (?=\S)/g, '+')
const readers: Readonly<Record<Kind, (value: string) => string>> = {
  email: withPlus,
  phone: (value) => value.replace(/^ +(?=[0-9])/, '+'),
  username: (value) => value,
  reference: (value) => value,
}

interface Asked {
  readonly kind: Kind
  readonly value: string
}

/** Reads the query: exactly one parameter, of its form. */
export function askedFor(query: Readonly<Record<string, string>>): Judged<Asked, readonly Detail[]> {
  const given = kinds.filter((kind) => query[kind] !== undefined)
  const [kind] = given
  if (kind === undefined || given.length > 1)
    return { refused: [{ field: 'query', message: `exactly one of ${kinds.join(', ')} is needed` }] }
  const read: { success: boolean; data?: string; error?: z.core.$ZodError } = schemas[kind].safeParse(
    readers[kind](query[kind] ?? ''),
  )
  if (read.data !== undefined) return { kind, value: read.data }
  const issues = read.error?.issues ?? []
  return { refused: issues.map(({ message }) => ({ field: kind, message })) }
}

/** @throws Unavailable */
export async function findAsked({ kind, value }: Asked): Promise<Identity | undefined> {
  if (kind !== 'reference') return findIdentity({ kind, value })
  const userId = await personOfReference(value)
  return userId === undefined ? undefined : findIdentity(identitySubject(userId))
}
