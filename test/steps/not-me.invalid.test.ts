/** 'It was not me' with a body that is not as it should be: nothing changes, and the token still counts. */
import { expect, test } from 'vitest'
import { codes } from '#shared/contract/codes.ts'
import { badBodies } from '#test/support/bad-bodies.ts'
import { linesOf } from '#test/support/entries.ts'
import { disown, lastToken, notMePath } from '#test/support/not-me.ts'
import { answerOf, resetByEmail } from '#test/support/sessions.ts'
import { storedIdentity } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test('every bad body gets its code, and the token works afterwards', async () => {
  const person = await world.identity()
  await resetByEmail(world, person, 'newpass123')
  const token = await lastToken(world, person.email)
  const before = [await storedIdentity(person.userId), await linesOf(world, person.userId)]
  for (const { what, body, code, headers } of badBodies({ token })) {
    const reply = await world.post(notMePath, body, headers ? { headers } : {})
    expect([what, reply.status, reply.body.error?.code]).toEqual([what, codes[code][0], code])
  }
  expect([await storedIdentity(person.userId), await linesOf(world, person.userId)]).toEqual(before)
  expect(answerOf(await disown(world, token))).toBe('200')
})
