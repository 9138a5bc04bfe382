/** Steps that order a code, and the pair's check before one. */

import { storePerson } from '#test/support/as-stored.ts'
import { verifyIdentityPath as pairPath, strangePhone } from '#test/support/pairs.ts'
import { passwordEmail, passwordTwoFactor } from '#test/support/recovery.ts'
import { newIp } from '#test/support/world.ts'
import type { CasesOf } from './case.ts'
import { inSession, of } from './starts.ts'

export const asking: CasesOf<
  'request-code' | 'request-code-for-pair' | 'request-step-up' | 'verify-identity'
> = (world) => ({
  'request-code': {
    'a code by email': {
      leaves: ['CODE_SENT', 'success'],
      again: 'RESEND_TOO_SOON',
      tells: [1, 0],
      prepare: of((person) =>
        world.post(passwordEmail.request, passwordEmail.typed(person), { ip: newIp() }),
      ),
    },
  },
  'request-code-for-pair': {
    'a code for a pair': {
      leaves: ['CODE_SENT', 'success'],
      again: 'RESEND_TOO_SOON',
      tells: [0, 1],
      prepare: of((person) =>
        world.post(passwordTwoFactor.request, passwordTwoFactor.typed(person), { ip: newIp() }),
      ),
    },
  },
  'request-step-up': {
    'a step-up code': {
      leaves: ['CODE_SENT', 'success'],
      again: 'RESEND_TOO_SOON',
      tells: [0, 1],
      prepare: inSession((token) => world.post('/api/auth/step-up/request', {}, { token, ip: newIp() })),
    },
  },
  'verify-identity': {
    'a pair': {
      leaves: ['IDENTITY_VERIFIED', 'success'],
      again: 'OK',
      repeats: true,
      prepare: of((person) => world.post(pairPath, passwordTwoFactor.typed(person), { ip: newIp() })),
    },
    'a mismatched pair': {
      answer: 'CREDENTIALS_INVALID',
      leaves: ['IDENTITY_VERIFIED', 'failure'],
      again: 'CREDENTIALS_INVALID',
      repeats: true,
      async prepare() {
        const person = await storePerson()
        const pair = { identifier: person.email, phone: strangePhone() }
        return { person, call: () => world.post(pairPath, pair, { ip: newIp() }) }
      },
    },
  },
})
