/** A new password is held to the breach service and to the record at the same time, and answered in the order it always was. */
import { expect, test } from 'vitest'
import { withFault } from '#test/support/faults.ts'
import { codeOf } from '#test/support/race.ts'
import { passwordEmail } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { recordCalls } from '../infra/recorded-calls.ts'

const world = useWorld()
const leaked = 'Violet-Harbour-1987!'
const fit = 'Quiet-Harbour-71-Vane'

/** A person who holds a code. */
async function withCode(): Promise<TestIdentity & { readonly otp: string }> {
  const person = await world.identity()
  await world.post(passwordEmail.request, { email: person.email }, { ip: newIp() })
  return { ...person, otp: await world.lastCode(person.email) }
}
const reset = ({ email, otp }: { email: string; otp: string }, newPassword: string) =>
  world.post(passwordEmail.reset, { email, otp, newPassword }, { ip: newIp() })
const makesNoMac = {
  service: 'kms',
  operation: 'GenerateMac',
  // The code's cover is asked for first, where the hour's is not known.
  skip: 1,
  mode: 'fail-before',
  function: 'reset-password',
} as const

test('the hash is made and sealed while the breach service thinks', async () => {
  const person = await withCode()
  const recording = recordCalls()
  const sealed = () => recording.calls.some((call) => call.permissions.includes('GenerateMac credential'))
  const slow = { service: 'hibp', mode: 'slow', delayMs: 3000, count: 1, function: 'reset-password' } as const
  await withFault(world, slow, async () => {
    const reply = reset(person, fit)
    let answered = false
    void reply.then(() => {
      answered = true
    })
    await expect.poll(sealed, { timeout: 2900 }).toBe(true)
    expect(answered).toBe(false)
    expect((await reply).status).toBe(200)
  })
  recording.stop()
})

test('a leaked password is told as that, also where nothing can be sealed just then; any other is not taken', async () => {
  const person = await withCode()
  await withFault(world, makesNoMac, async () => {
    expect(codeOf(await reset(person, leaked))).toBe('PASSWORD_BREACHED')
    expect((await reset(person, fit)).status).toBe(503)
  })
  expect((await reset(person, fit)).status).toBe(200)
})
