/** G15: a PIN counts only beside a live factor of another group in the same session. */
import { expect, test } from 'vitest'
import { policy } from '#shared/policy.ts'
import { entriesOf } from '#test/support/entries.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { callsOf, codeOf } from '#test/support/race.ts'
import { signIn, stepUp } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const verify = (token: string, pin = firstPin) => world.post('/api/pin/verify', { pin }, { token })

test('a session of a password alone proves no PIN: right and wrong are one answer, and neither is compared', async () => {
  const person = await pinHolder(world)
  const token = await signIn(world, person)
  for (const pin of [firstPin, '530817']) {
    const reply = await verify(token, pin)
    expect(codeOf(reply)).toBe('SECOND_FACTOR_REQUIRED')
    expect(callsOf(world, reply)).not.toContain('kms GenerateMac')
  }
  const entries = await entriesOf(world, person.userId)
  expect(entries.filter(({ reason }) => reason === 'second_factor_required')).toHaveLength(2)
})

test('a factor of possession counts in its own session and for its own time', async () => {
  const person = await pinHolder(world)
  const token = await signIn(world, person)
  await world.advance(61)
  await stepUp(world, person, token)
  expect(codeOf(await verify(token))).toBe('OK')
  await world.advance(policy.possessionFactorLifeSeconds)
  expect(codeOf(await verify(token))).toBe('SECOND_FACTOR_REQUIRED')
  expect(codeOf(await verify(person.accessToken))).toBe('SECOND_FACTOR_REQUIRED')
})

test('a proved PIN stands for no factor of possession: it sets no PIN, and lengthens no other factor', async () => {
  const person = await pinHolder(world)
  const { accessToken: token } = person
  expect(codeOf(await verify(token))).toBe('OK')
  const factors = async () => (await world.get('/api/auth/session', { token })).body.data.factors
  const possession = (await factors()).find(({ group }) => group === 'POSSESSION')
  await world.advance(policy.pinFactorLifeSeconds - 10)
  expect(codeOf(await verify(token))).toBe('OK')
  expect((await factors()).find(({ group }) => group === 'POSSESSION')).toEqual(possession)
  await world.advance(policy.pinFactorLifeSeconds)
  expect((await factors()).map(({ method }) => method)).not.toContain('pin')
})

test('an entry of a proved PIN names factors of both groups', async () => {
  const person = await pinHolder(world)
  await verify(person.accessToken)
  const proved = (await entriesOf(world, person.userId)).find(({ type }) => type === 'PIN_VERIFIED')
  expect(new Set(proved?.factors?.map(({ group }) => group))).toEqual(new Set(['KNOWLEDGE', 'POSSESSION']))
})
