/** A pair that is not even typed right, where it is checked and where a code is asked for with it: no mismatch is counted, no code issued. */
import { describe, expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { badBodies } from '#test/support/bad-bodies.ts'
import { linesOf } from '#test/support/entries.ts'
import {
  pairOf,
  presentPair,
  requestForPairPath,
  strangePhone,
  verifyIdentityPath,
} from '#test/support/pairs.ts'
import { askCode, passwordTwoFactor, verifyCode } from '#test/support/recovery.ts'
import { storedChallenge } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

describe.each([verifyIdentityPath, requestForPairPath])('the pair of %s', (path) => {
  test('every bad body gets its code and counts nowhere', async () => {
    const person = await world.identity()
    const { code: otp } = await askCode(world, passwordTwoFactor, person)
    const before = await storedChallenge(passwordTwoFactor, person)
    const ip = newIp()
    for (const { what, body, code, headers } of badBodies(pairOf(person))) {
      const reply = await world.post(path, body, { ip, ...(headers && { headers }) })
      expect([what, reply.status, reply.body.error?.code]).toEqual([what, codes[code][0], code])
    }
    expect(await storedChallenge(passwordTwoFactor, person)).toEqual(before)
    expect(await linesOf(world, person.userId)).toEqual(['CODE_REQUESTED success', 'CODE_SENT success'])
    const mismatch = await presentPair(world, path, { ...pairOf(person), phone: strangePhone() }, ip)
    expect(mismatch.status).toBe(401)
    expect((await verifyCode(world, passwordTwoFactor, person, { otp })).status).toBe(200)
  })

  test.each(['+201001234567', '12345678', 'a', 'a b c', 'näme', 'u'.repeat(65), 'x@', '@x.example'])(
    'the identifier %j is neither email nor username',
    async (identifier) => {
      const reply = await presentPair(world, path, { identifier, phone: '+201001234567' })
      expect([reply.status, reply.body.error.code]).toEqual([400, 'VALIDATION_FAILED'])
      expect(reply.body.error.details[0]?.field).toBe('identifier')
    },
  )
})
