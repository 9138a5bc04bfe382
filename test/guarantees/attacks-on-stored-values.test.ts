/** Attacks by one who can write the tables but not use the keys: values copied from one item to another are worth nothing. */
import { expect, test } from 'vitest'
import { challengeInToken, newResetToken, tokenHash } from '#shared/crypto/tokens.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { putOne, transact, update } from '#shared/stores/database.ts'
import { firstPin, pinHolder } from '#test/support/pin-holder.ts'
import { codeOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordEmailBasic,
  pinReset,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { storedChallenge, storedIdentity, storedItem } from '#test/support/stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()

/** Writes attributes over an item, as an insider could. */
async function overwrite(table: 'identities' | 'challenges', pk: string, values: Record<string, unknown>) {
  const assignments = Object.keys(values).map((name) => `#${name} = :${name}`)
  await transact([update(table, { pk }, `SET ${assignments.join(', ')}`, { values })])
}

const challengePk = ({ email }: TestIdentity, flow: RecoveryFlow = passwordEmailBasic) =>
  `C#${flow.id}#${subjectKey({ kind: 'email', value: email })}`
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

/** A whole item, as an insider could make one. */
async function make(pk: string, values: Record<string, unknown>): Promise<void> {
  await putOne('challenges', { ...values, pk })
}

/** All that a challenge of the email flow says of whom it is bound to. */
async function boundTo({ userId, email }: TestIdentity) {
  const { credentialEpoch: epoch } = (await storedIdentity(userId)) ?? {}
  const subject = subjectKey({ kind: 'email', value: email })
  return { flow: passwordEmail.id, subject, userId, epoch, channel: 'email', address: email }
}

const keepsPassword = async (person: TestIdentity) =>
  expect(codeOf(await signIn(person, person.password))).toBe('OK')

test('a reset token written into the table, with no code’s MAC or that of one’s own code, resets nobody’s password', async () => {
  const [thief, victim] = [await world.identity(), await world.identity()]
  const mine = await askCode(world, passwordEmail, thief)
  const own = (await verifyCode(world, passwordEmail, thief, { otp: mine.code })).body.token
  const genuine = (await storedItem(`V#${challengeInToken(own)}`)) ?? {}
  const bound = await boundTo(victim)
  const expiresAt = Date.now() + 600_000
  const forgeries = [
    { ...bound, challengeId: 'forged-1', expiresAt },
    { ...bound, challengeId: 'forged-2', expiresAt, codeMac: 'A'.repeat(43), ref: 'CDFG' },
    { ...genuine, ...bound, challengeId: 'forged-3' },
    // Of his own challenge, turned to the victim.
    { ...genuine, ...bound },
  ]
  for (const forged of forgeries) {
    const { challengeId } = forged as unknown as { challengeId: string }
    const token = newResetToken(challengeId, mine.code)
    const presentable = {
      state: 'VERIFIED',
      refusals: 0,
      triesFlow: 0,
      triesOpen: 0,
      tokenHash: tokenHash(token),
    }
    await make(`V#${challengeId}`, { ...forged, ...presentable })
    expect(codeOf(await resetSecret(world, passwordEmail, victim, { token }))).toBe('TOKEN_INVALID')
  }
  await keepsPassword(victim)
  expect((await world.ledger(victim.userId)).map(({ reason }) => reason)).toContain('forged_token')
})

test('a challenge of one’s own, turned to another person, resets nobody’s password, typed as either', async () => {
  const [thief, victim] = [await world.identity(), await world.identity()]
  for (const flow of [passwordEmail, passwordEmailBasic]) {
    const { code: otp, flowId } = await askCode(world, flow, thief)
    const { subject: _, flow: __, ...bound } = await boundTo(victim)
    await overwrite('challenges', challengePk(thief, flow), bound)
    for (const typed of [thief, victim])
      expect(codeOf(await resetSecret(world, flow, typed, { otp, flowId }))).toBe('OTP_INVALID')
    expect(codeOf(await verifyCode(world, flow, thief, { otp }))).toBe('OTP_INVALID')
  }
  await keepsPassword(victim)
  await keepsPassword(thief)
})

test('a verified challenge written into the table resets nobody’s password, by code or by token', async () => {
  const [thief, victim] = [await world.identity(), await world.identity()]
  const mine = await askCode(world, passwordEmail, thief)
  expect(codeOf(await verifyCode(world, passwordEmail, thief, { otp: mine.code }))).toBe('OK')
  const verified = (await storedItem(`V#${mine.flowId}`)) ?? {}
  const bound = await boundTo(victim)
  const forged = [
    { ...verified, ...bound, challengeId: 'forged-v1' },
    { ...verified, ...bound },
  ]
  for (const item of forged) {
    const { challengeId: flowId } = item as unknown as { challengeId: string }
    await make(`V#${flowId}`, { ...item, triesOpen: 0, triesFlow: 0 })
    for (const typed of [thief, victim])
      expect(codeOf(await resetSecret(world, passwordEmail, typed, { otp: mine.code, flowId }))).toBe(
        'OTP_INVALID',
      )
  }
  await keepsPassword(victim)
})
