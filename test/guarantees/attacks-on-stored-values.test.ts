/** Attacks by one who can write the tables but not use the keys: values copied from one item to another are worth nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { subjectKey } from '#shared/domain/subject.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { codeOf } from '#test/support/race.ts'
import { askCode, passwordEmailBasic, pinReset, resetSecret, verifyCode } from '#test/support/recovery.ts'
import { storedChallenge, storedIdentity } from '#test/support/stored.ts'
import { createWorld, newIp, type TestIdentity, type World } from '#test/support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** Writes attributes over an item, as an insider could. */
async function overwrite(table: 'identities' | 'challenges', pk: string, values: Record<string, unknown>) {
  const { transact, update } = await import('#shared/stores/database.ts')
  const assignments = Object.keys(values).map((name) => `#${name} = :${name}`)
  await transact([update(table, { pk }, `SET ${assignments.join(', ')}`, { values })])
}

const challengePk = ({ email }: TestIdentity) =>
  `C#${passwordEmailBasic.id}#${subjectKey({ kind: 'email', value: email })}`
const signIn = (person: TestIdentity, password: string) =>
  world.post('/api/auth/login', { identifier: person.email, password }, { ip: newIp() })

/** Gives a person a password that was sealed here, not imported. */
async function withSealedPassword(person: TestIdentity, password: string): Promise<void> {
  const { code } = await askCode(world, passwordEmailBasic, person)
  expect(codeOf(await resetSecret(world, passwordEmailBasic, person, { otp: code }, password))).toBe('OK')
}

test('the seal of a known password, copied to another person, signs nobody in as them', async () => {
  const [thief, victim] = [await world.identity(), await world.identity()]
  await withSealedPassword(thief, 'a password of the thief')
  const { password, history } = (await storedIdentity(thief.userId)) ?? {}
  await overwrite('identities', `U#${victim.userId}`, { password, history })
  expect(codeOf(await signIn(victim, 'a password of the thief'))).toBe('CREDENTIALS_INVALID')
  expect(codeOf(await signIn(thief, 'a password of the thief'))).toBe('OK')
})

test('the seal of a known PIN, copied to another person, proves nothing there', async () => {
  const [thief, victim] = [await pinHolder(world), await pinHolder(world)]
  const { code } = await askCode(world, pinReset, thief)
  expect(codeOf(await resetSecret(world, pinReset, thief, { otp: code }, '730264'))).toBe('OK')
  await overwrite('identities', `U#${victim.userId}`, { pin: (await storedIdentity(thief.userId))?.['pin'] })
  const prove = (pin: string) => world.post('/api/pin/verify', { pin }, { token: victim.accessToken })
  expect(codeOf(await prove('730264'))).toBe('PIN_INVALID')
  expect(codeOf(await prove(firstPin))).toBe('PIN_INVALID')
})

test('the MAC of a known code, copied to the challenge of another person, proves nothing there', async () => {
  const [thief, victim] = [await world.identity(), await world.identity()]
  const mine = await askCode(world, passwordEmailBasic, thief)
  const theirs = await askCode(world, passwordEmailBasic, victim)
  const { codeMac } = (await storedChallenge(passwordEmailBasic, thief)) ?? {}
  await overwrite('challenges', challengePk(victim), { codeMac })
  const guess = { otp: mine.code, flowId: theirs.flowId }
  expect(codeOf(await verifyCode(world, passwordEmailBasic, victim, guess))).toBe('OTP_INVALID')
})

test('a whole challenge, copied to the place of another person’s, does not reset their password', async () => {
  const [thief, victim] = [await world.identity(), await world.identity()]
  const mine = await askCode(world, passwordEmailBasic, thief)
  const theirs = await storedChallenge(passwordEmailBasic, thief)
  const { pk: _, ...values } = theirs as unknown as Record<string, unknown>
  const { userId, address } = { userId: victim.userId, address: victim.email }
  const { credentialEpoch: epoch } = (await storedIdentity(victim.userId)) ?? {}
  await overwrite('challenges', challengePk(victim), { ...values, userId, address, epoch })
  const proof = { otp: mine.code, flowId: mine.flowId }
  expect(codeOf(await resetSecret(world, passwordEmailBasic, victim, proof))).toBe('OTP_INVALID')
  expect(codeOf(await signIn(victim, victim.password))).toBe('OK')
})
