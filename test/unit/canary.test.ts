/** Who the canary is, as docs/deploy.md tells whoever counts people. */
import { expect, test } from 'vitest'
import { bodies, parseEmail } from '#shared/contract/schemas.ts'
import { canaryMailbox, canaryUserId } from '#shared/domain/canary.ts'

test('the canary is an identity like any other, by the name that is told', () => {
  expect(canaryUserId).toBe('latchkey-canary')
  expect(bodies.pinSet.safeParse({ userId: canaryUserId, pin: '480913' }).success).toBe(true)
  expect(parseEmail(`${canaryMailbox}@example.com`)).toBe('canary@example.com')
})
