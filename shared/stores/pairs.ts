/** Mismatches of identifier and phone: counted per identifier, per phone and per address, over both routes. */
import { budgetOf } from '../domain/address-budgets.ts'
import { subjectKey } from '../domain/subject.ts'
import type { Subject } from '../events.ts'
import { policy } from '../policy.ts'
import { settings } from '../settings.ts'
import { challengeKinds } from './keys.ts'
import { type Register, sharedCopies } from './registers.ts'

const windowMs = policy.pairMismatchWindowSeconds * 1000

export const pairRegisters = (identifier: Subject, phone: string, source: string): Register[] => [
  {
    ...challengeKinds.pairs.key(subjectKey(identifier)),
    limit: { count: policy.pairMismatchesPerIdentifier, windowMs },
    name: 'pair-per-identifier',
  },
  {
    ...challengeKinds.pairs.key(subjectKey({ kind: 'phone', value: phone })),
    limit: { count: policy.pairMismatchesPerPhone, windowMs },
    name: 'pair-per-phone',
  },
  {
    ...challengeKinds.pairSource.key(source),
    limit: { count: budgetOf(settings().ADDRESS_BUDGETS, 'mismatched-pairs'), windowMs },
    name: 'pair-per-ip',
    copies: sharedCopies,
  },
]
