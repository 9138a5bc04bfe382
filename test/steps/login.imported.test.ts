/** Passwords that another system hashed: of the bytes as they were typed there, and of no more than it read. */
import { hash as argon2 } from '@node-rs/argon2'
import { hashSync } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { passwordEmailBasic, proofOf, resetSecret } from '#test/support/recovery.ts'
import { answerOf } from '#test/support/sessions.ts'
import { identityAsStored } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { sampleOf } from '#test/support/whole.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

const login = async (identifier: string, password: string) =>
  answerOf(await world.post('/api/auth/login', { identifier, password }, { ip: newIp() }))

const schemes = {
  argon2id: (password: string) => argon2(password, { memoryCost: 1024, timeCost: 1, parallelism: 1 }),
  bcrypt: async (password: string) => hashSync(password, 4),
}

const changedByNfkc = {
  'e and a combining accent': 'cafe\u0301-lantern',
  'superscript two': 'meadow-m\u00b2-lamp',
  'an ellipsis': 'wait\u2026for-meadow',
  'a trade mark sign': 'meadow\u2122-lantern',
  'a no-break space': 'meadow\u00a0lantern',
  'a ligature': '\ufb01sh-lantern-9',
  'full-width digits': 'lantern\uff11\uff13\uff17\uff14',
  'Arabic presentation forms': '\ufe8d\ufedf\ufed4\ufea8\ufeae-lantern',
  'Devanagari qa': '\u0958\u0932\u092e-lantern',
}

/** Three a day, other ones for each scheme; all in `npm run prove -- whole-tests`. */
const someChanged = (shift: number) => sampleOf(Object.entries(changedByNfkc), 3, shift)

describe.each(Object.keys(schemes) as (keyof typeof schemes)[])('an imported %s hash', (scheme) => {
  test.each(someChanged(scheme === 'bcrypt' ? 0 : 3))('of %s verifies as typed', async (_, password) => {
    expect(password.normalize('NFKC')).not.toBe(password)
    const { email, userId } = await world.identity({ passwordHash: await schemes[scheme](password) })
    expect(await login(email, password.normalize('NFKC'))).toBe('401 CREDENTIALS_INVALID')
    expect(await login(email, password)).toBe('200')
    expect((await identityAsStored(userId)).password?.imported).toBeUndefined()
    // Now it is our own, and any keyboard writes it.
    expect(await login(email, password)).toBe('200')
    expect(await login(email, password.normalize('NFKC'))).toBe('200')
  })

  test('of a normalised password is not matched by another form that was typed', async () => {
    const { email } = await world.identity({ passwordHash: await schemes[scheme]('caf\u00e9-lantern') })
    expect(await login(email, 'cafe\u0301-lantern')).toBe('401 CREDENTIALS_INVALID')
    expect(await login(email, 'caf\u00e9-lantern')).toBe('200')
  })

  test('may not be chosen again as it was typed, neither when it is the present one nor later', async () => {
    const password = changedByNfkc['a ligature']
    const person = await world.identity({ passwordHash: await schemes[scheme](password) })
    const reset = async (proof: Record<string, string>, secret?: string) =>
      answerOf(await resetSecret(world, passwordEmailBasic, person, proof, secret))
    const proof = await proofOf(world, passwordEmailBasic, person)
    expect(await reset(proof, password)).toBe('400 PASSWORD_REUSED')
    expect(await reset(proof)).toBe('200')
    await world.pass(61)
    const later = await proofOf(world, passwordEmailBasic, person)
    expect(await reset(later, password)).toBe('400 PASSWORD_REUSED')
  })
})

test.each(someChanged(6))('an imported password of %s may not be chosen again', async (_, password) => {
  const person = await world.identity({ passwordHash: await schemes.bcrypt(password) })
  const proof = await proofOf(world, passwordEmailBasic, person)
  expect(answerOf(await resetSecret(world, passwordEmailBasic, person, proof, password))).toBe(
    '400 PASSWORD_REUSED',
  )
})

test.each([
  ['80 letters', 'x'.repeat(79)],
  ['37 letters of two bytes', 'é'.repeat(36)],
])('a bcrypt password of %s is not sealed anew: its tail was never checked', async (_, start) => {
  const password = `${start}y`
  const { email, userId } = await world.identity({ passwordHash: hashSync(password, 4) })
  const before = await identityAsStored(userId)
  expect(await login(email, `${start}z`)).toBe('200')
  expect(await login(email, password)).toBe('200')
  expect((await identityAsStored(userId)).password).toEqual(before.password)
})

test('a bcrypt password of 72 bytes is sealed anew', async () => {
  const password = 'é'.repeat(36)
  const { email, userId } = await world.identity({ passwordHash: hashSync(password, 4) })
  expect(await login(email, password)).toBe('200')
  expect((await identityAsStored(userId)).password?.scheme.algorithm).toBe('argon2id')
  expect(await login(email, `${password}z`)).toBe('401 CREDENTIALS_INVALID')
})
