/** Bodies that are not as they should be use up no try of a login's code. */
import { expect, test } from 'vitest'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

test('every malformed body is VALIDATION_FAILED, and the code is as good as before', async () => {
  const identity = await world.identity({ mfaEnabled: true })
  const { email, password } = identity
  const { body } = await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
  const { challengeId } = body.data
  const otp = await world.lastCode(identity.phone)
  const malformed = [
    { challengeId },
    { otp },
    { challengeId, otp: Number(otp) },
    { challengeId, otp: [otp] },
    { challengeId, otp: ` ${otp}` },
    { challengeId, otp: otp.slice(1) },
    { challengeId, otp: `${otp}0` },
    { challengeId, otp: '١٢٣٤٥٦' },
    { challengeId: [challengeId], otp },
    { challengeId: 'c'.repeat(201), otp },
    { challengeId: '', otp },
    { challengeId, otp, flowId: 'f'.repeat(201) },
    { challengeId, otp, email },
  ]
  for (const refused of malformed)
    expect(answerOf(await world.post('/api/auth/login/verify', refused))).toBe('400 VALIDATION_FAILED')
  expect(answerOf(await world.post('/api/auth/login/verify', { challengeId, otp }))).toBe('200')
})
