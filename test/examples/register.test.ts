/** The example's backend against the local stack, and how its requests are signed. */
import { afterEach, expect, test, vi } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { people, type Send } from '../../examples/register/people.ts'
import { signedFetch } from '../../examples/register/signed-fetch.ts'

const world = useWorld()
afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})
const here = (send: Send = fetch) => people(world.url, send)
const stored = async (userId: string) =>
  (await world.get(`/admin/identities/${encodeURIComponent(userId)}`)).body.data

test('somebody is registered, saved again without effect, changed and erased', async () => {
  const person = { userId: 'auth0|41', email: 'kim@example.com', phone: '+201001234567', locale: 'ar' }
  expect(await here().save(person)).toBe('saved')
  const first = await stored(person.userId)
  expect(first).toMatchObject(person)
  expect(await here().save(person)).toBe('saved')
  expect(await stored(person.userId)).toEqual(first)
  expect(await here().save({ userId: person.userId, phone: null })).toBe('saved')
  expect(await stored(person.userId)).toMatchObject({ email: person.email, phone: null })
  await here().erase(person.userId)
  await here().erase(person.userId)
  expect(await here().save({ userId: 'somebody-else', email: person.email })).toBe('saved')
})

test('what somebody else has is named, and anything else is thrown', async () => {
  await here().save({ userId: 'one', email: 'taken@example.com' })
  expect(await here().save({ userId: 'two', email: 'taken@example.com' })).toEqual({ taken: ['email'] })
  await expect(here().save({ userId: 'two', phone: '12' })).rejects.toThrow(
    'Latchkey answered 400 VALIDATION_FAILED',
  )
  const refusing = async () => Response.json({ message: 'Forbidden' }, { status: 403 })
  await expect(here(refusing).erase('two')).rejects.toThrow('Latchkey answered 403')
})

test('in AWS requests are signed for API Gateway with the credentials of the process', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('AWS_SESSION_TOKEN', 'from-a-role')
  const seen: { url: URL; init: RequestInit }[] = []
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    seen.push({ url, init })
    return Response.json({ success: true }, { status: 201 })
  })
  const signed = people('https://api.example.com/live/', signedFetch('eu-central-1'))
  expect(await signed.save({ userId: 'auth0|41', email: 'kim@example.com' })).toBe('saved')
  await signed.erase('auth0|41')
  expect(seen.map(({ url, init }) => `${init.method} ${url} ${init.body ?? ''}`)).toEqual([
    'PUT https://api.example.com/live/admin/identities/auth0%7C41 {"email":"kim@example.com"}',
    'DELETE https://api.example.com/live/admin/identities/auth0%7C41 ',
  ])
  for (const { init } of seen)
    expect(new Headers(init.headers).get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=\S*host;\S*x-amz-date\S*, Signature=[0-9a-f]{64}$/,
    )
})
