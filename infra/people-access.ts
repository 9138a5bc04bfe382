/** What each of the people may do, in the words of `access.ts`, which says it of the functions. */
import { supportPageRoutes } from '../shared/contract/support-routes.ts'
import { challengeKeys as key, sealKeys } from '../shared/stores/keys.ts'
import { events, known, mac, messages } from './access.ts'
import { type Access, may, note } from './rights.ts'
import type { PersonId } from './roles.ts'

/** What `doctor` asks of each table: facts of the table, and of nobody in it. */
const look = may(['DescribeTable'])
const scan = may(['Scan', 'DescribeTable'])

/** What people may do with the command line, each through a role of their own. */
export const people = {
  /** `latchkey ledger export`, `show`, `receipt`, and `tail`: reads, and changes nothing. */
  auditor: {
    tables: {
      ledger: [may(['Query', 'Scan'])],
      seal: [may(['GetItem'], [sealKeys.checkpoint]), may(['Query'], [sealKeys.moved])],
    },
    keys: { checkpoint: ['GetPublicKey'] },
    bucket: ['GetObject', 'ListBucket'],
  },
  /**
   * `latchkey identity`, `latchkey sessions` and `latchkey console`: the admin routes that support needs, and no table. A PUT is not among them: who
   * may make it can move an address, and so take over anyone.
   */
  support: {
    calls: [...supportPageRoutes, 'deleteIdentity'],
  },
  /** `latchkey import`, `redrive`, `keys`, `dead-letters`, `sms` and `doctor`. */
  operator: {
    tables: {
      identities: [may(['GetItem', 'PutItem', 'DeleteItem'], known), scan],
      challenges: [
        scan,
        may(['BatchGetItem'], [key.cap]),
        note(['haltedUntil', 'pausedUntil', 'sweepAt'], [key.cap]),
      ],
      outbox: [scan, events, note(['redrivenAt'])],
      notices: [scan, messages, note(['redrivenAt'])],
      seal: [may(['GetItem'], [sealKeys.checkpoint]), look],
      sessions: [look],
      ledger: [look],
    },
    keys: { credential: mac },
    bucket: ['GetObject', 'ListBucket'],
  },
} as const satisfies Record<PersonId, Access>
