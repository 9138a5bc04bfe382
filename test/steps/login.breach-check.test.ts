/** A password that the breach service did not judge when it was chosen is judged at the next login. */
import { beforeAll, describe, expect, test } from 'vitest'
import { transact, update } from '#shared/stores/database.ts'
import { entriesOf, storyOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { answerOf, resetByEmail } from '#test/support/sessions.ts'
import { identityAsStored, itemsOf } from '#test/support/sessions-stored.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'

const world = useWorld()
beforeAll(async () => {
  // Its first answer waits for the list to be read, which may take longer than a check waits.
  await fetch(`${process.env['HIBP_URL']}/range/00000`)
})

/** In the list of the breach service, and against no other rule of the flow. */
const breached = 'Violet-Harbour-1987!'
const fine = 'Quiet-Meadow-71-lantern'

/** A person whose last reset found the breach service silent. */
async function unjudged(password: string, given?: Record<string, unknown>): Promise<TestIdentity> {
  const person = await world.identity(given)
  await resetByEmail(world, person, password)
  await transact([
    update('identities', { pk: `U#${person.userId}` }, 'SET breachCheckDue = :yes', {
      values: { yes: true },
    }),
  ])
  return { ...person, password }
}

const login = ({ email, password }: Pick<TestIdentity, 'email' | 'password'>) =>
  world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })
const asked = async () => {
  const { body } = await world.get<{ service: string }[]>('/_local/calls?function=login')
  return body.filter(({ service }) => service === 'hibp').length
}
const silent = { service: 'hibp', mode: 'fail-before', function: 'login' } as const

describe.each([
  ['without MFA', {}],
  ['with MFA', { mfaEnabled: true }],
] as const)('%s, a password that turns out to be breached', (_, given) => {
  test('opens nothing and must be reset: entries, notice and the end of sessions in one transaction', async () => {
    const person = await unjudged(breached, given)
    const before = await identityAsStored(person.userId)
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
    const after = await identityAsStored(person.userId)
    expect(after.resetRequired).toBe(true)
    expect(after.breachCheckDue).toBeUndefined()
    expect(after.credentialEpoch).toBe(before.credentialEpoch + 1)
    expect((await storyOf(world, person.userId)).slice(-2).sort()).toEqual([
      'IDENTITY_CHANGED success reset_required',
      'LOGIN failure password_breached',
    ])
    const entry = (await entriesOf(world, person.userId)).find(({ reason }) => reason === 'reset_required')
    expect(entry).toMatchObject({ actor: 'system', fields: ['password'] })
    const subjects = world.messages(person.email).map(({ subject }) => subject)
    expect(subjects.at(-1)).toBe('Latchkey: please reset your password')
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
  })

  test('that is still not judged opens the login, and stays to be judged', async () => {
    const person = await unjudged(breached, given)
    const reply = await withFault(world, silent, () => login(person))
    expect(answerOf(reply)).toBe('200')
    expect((await identityAsStored(person.userId)).breachCheckDue).toBe(true)
    expect((await entriesOf(world, person.userId)).find(({ breachCheck }) => breachCheck)).toMatchObject({
      type: 'LOGIN',
      breachCheck: 'skipped',
    })
    expect(answerOf(await login(person))).toBe('401 CREDENTIALS_INVALID')
  })

  test('that is in no breach opens the login, and is not asked about again', async () => {
    const person = await unjudged(fine, given)
    const before = await asked()
    expect(answerOf(await login(person))).toBe('200')
    expect((await identityAsStored(person.userId)).breachCheckDue).toBeUndefined()
    expect(
      (await entriesOf(world, person.userId)).find(({ breachCheck }) => breachCheck === 'passed'),
    ).toBeDefined()
    expect(answerOf(await login(person))).toBe('200')
    expect(await asked()).toBe(before + 1)
  })
})

test('a wrong password never asks the breach service', async () => {
  const person = await unjudged(breached)
  const before = await asked()
  expect(answerOf(await login({ ...person, password: `${breached}x` }))).toBe('401 CREDENTIALS_INVALID')
  expect(await asked()).toBe(before)
  expect((await identityAsStored(person.userId)).resetRequired).toBeUndefined()
})

test('beyond the limit of failures neither is asked nor changed, though the password is right', async () => {
  const person = await unjudged(breached)
  for (let n = 0; n < 10; n += 1) await login({ ...person, password: 'wrong' })
  const before = await asked()
  expect(answerOf(await login(person))).toBe('429 RATE_LIMITED')
  expect(await asked()).toBe(before)
  expect((await identityAsStored(person.userId)).resetRequired).toBeUndefined()
})

test.each(['fail-before', 'fail-after'] as const)('%s: all of it or nothing', async (mode) => {
  const person = await unjudged(breached)
  // The first transaction holds the limits alone.
  const outage = {
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    mode,
    skip: 1,
    function: 'login',
  } as const
  const reply = await withFault(world, outage, () => login(person))
  expect(answerOf(reply)).toBe('503 UNAVAILABLE')
  const { resetRequired } = await identityAsStored(person.userId)
  expect(resetRequired).toBe(mode === 'fail-after' ? true : undefined)
  await world.idle()
  const entries = await entriesOf(world, person.userId)
  expect(entries.filter(({ reason }) => reason === 'reset_required')).toHaveLength(resetRequired ? 1 : 0)
  expect(await itemsOf('outbox')).toEqual([])
})
