/** The API of the example, as its file starts it, between a caller and the local stack. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { servers } from './express-stand-in.ts'

const world = useWorld()
/** By a name that the compiler does not follow: it has no types of Express. */
const example = new URL('../../examples/express/server.ts', import.meta.url).href
let url: string
beforeAll(async () => {
  vi.stubEnv('LATCHKEY_URL', world.url)
  vi.stubEnv('PORT', '0')
  await import(example)
  const server = servers.at(-1)
  if (server === undefined) throw new Error('The example did not listen')
  if (!server.listening) await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  vi.unstubAllEnvs()
  for (const server of servers) server.close()
})

const signedIn = async (userId: string, session: readonly string[]) => {
  const person = { userId, email: `${userId}@example.com`, pin: '482915', session }
  return (await world.post<{ token: string }>('/_local/identities', person)).body.token
}
const ask = async (path: string, method: string, token: string) => {
  const reply = await fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })
  return [reply.status, await reply.json()]
}

test('a session sees its account, and what moves money asks for possession and PIN', async () => {
  const token = await signedIn('with-session', [])
  expect(await ask('/account', 'GET', token)).toEqual([200, { userId: 'with-session' }])
  const [status, refused] = await ask('/transfers', 'POST', token)
  expect(status).toBe(403)
  expect(refused).toMatchObject({
    error: { code: 'SECOND_FACTOR_REQUIRED', details: [{ field: 'POSSESSION' }, { field: 'PIN' }] },
  })
})

test('with both it goes through, and after a sign-out nowhere', async () => {
  const token = await signedIn('with-both', ['POSSESSION', 'PIN'])
  expect(await ask('/transfers', 'POST', token)).toEqual([200, { from: 'with-both', done: true }])
  await world.post('/api/auth/logout', {}, { token })
  expect((await ask('/account', 'GET', token))[0]).toBe(401)
})
