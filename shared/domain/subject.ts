/** Who is meant, as typed: the key under which challenges, budgets and guesses are kept before anyone is looked up. */
import { createHash } from 'node:crypto'
import type { Subject } from '../events.ts'

const digest = (use: string, parts: readonly string[]) =>
  createHash('sha256')
    .update(`latchkey/${use}/v1\n${parts.join('\n')}`)
    .digest('hex')

/** A userId that the service itself knows: nobody typed it. */
export const identitySubject = (userId: string) => ({ kind: 'identity', value: userId }) as const

/** Hex SHA-256 of a typed subject. Identifiers hold no line break, so parts cannot run into each other. */
export const subjectKey = (subject: Subject): string => digest('subject', [subject.kind, subject.value])

/** Of identifier and phone together, so that a mismatched pair finds no challenge without any lookup. */
export const pairKey = (identifier: Subject, phone: string): string =>
  digest('pair', [identifier.kind, identifier.value, phone])
