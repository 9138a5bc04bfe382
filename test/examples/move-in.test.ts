/** The example's door: people whose hashes the old system keeps come in at their first sign-in, and nobody is changed by it. */
import { beforeEach, expect, test } from 'vitest'
import { answerOf } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'
import { door, type OldPerson } from '../../examples/move-in/door.ts'
import { signInMoving } from '../../examples/move-in/sign-in.ts'
import { createClient } from '../../web/client.ts'

const world = useWorld()
const password = 'as-it-was-there'
let next = 0
let asked: string[]
let person: OldPerson & { readonly email: string }
beforeEach(() => {
  next += 1
  asked = []
  person = { userId: `old|${next}`, email: `old-${next}@example.com`, locale: 'ar' }
})

const moveIn = () =>
  door(world.url, fetch, async (identifier, typed) => {
    asked.push(identifier)
    return identifier === person.email && typed === password ? person : undefined
  })
async function signIn(typed = password): Promise<string> {
  const ip = newIp()
  const latchkey = createClient({
    origin: world.url,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...init?.headers, 'x-latchkey-source-ip': ip } }),
  })
  const end = await signInMoving(latchkey, { identifier: person.email, password: typed }, moveIn())
  return end.ok ? 'in' : end.code
}
const at = () => `/admin/identities/${encodeURIComponent(person.userId)}`
const stored = async () => (await world.get(at())).body.data
const put = (fields: object) => world.put(at(), fields)

test('somebody who is nobody here comes in with the password of the old system, which is asked once', async () => {
  expect(await signIn('wrong')).toBe('CREDENTIALS_INVALID')
  expect((await world.get(at())).status, 'a wrong password registers nobody').toBe(404)
  expect(await signIn()).toBe('in')
  expect(await stored()).toMatchObject({ ...person, hasPassword: true })
  asked = []
  expect(await signIn()).toBe('in')
  expect(asked).toEqual([])
})

test('somebody who was imported without a hash brings the password alone', async () => {
  await put({ email: person.email, locale: 'en' })
  expect(await signIn()).toBe('in')
  expect(await stored()).toMatchObject({ locale: 'en', hasPassword: true })
  expect(world.messages(person.email), 'nobody is told of a change').toEqual([])
})

test('whoever chose a password here keeps it, also where the old system still knows an address of then', async () => {
  const here = await world.identity({ userId: person.userId })
  expect(await signIn()).toBe('CREDENTIALS_INVALID')
  expect(asked).toEqual([person.email])
  expect(await stored()).toMatchObject({ email: here.email })
  const login = { identifier: here.email, password: here.password }
  expect(answerOf(await world.post('/api/auth/login', login, { ip: newIp() }))).toBe('200')
})

test.each([
  ['is suspended', { status: 'suspended' }],
  ['has an address that is somebody else’s', undefined],
])('whoever %s does not come in by the door', async (_, fields) => {
  if (fields) await put({ email: person.email, ...fields })
  else await world.identity({ email: person.email })
  expect(await signIn()).toBe('CREDENTIALS_INVALID')
})

test('a password that support made unusable does not come back by the door', async () => {
  await put({ email: person.email })
  await world.post(`${at()}/require-reset`)
  expect(await signIn()).toBe('CREDENTIALS_INVALID')
})
