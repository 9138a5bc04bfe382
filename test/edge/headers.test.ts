/** Headers that come twice, are odd, or claim what only the gateway may say. */
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { answerOf, signIn } from '#test/support/sessions.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp } from '#test/support/world.ts'

const world = useWorld()

/** Sends header lines as they are. @returns the status line's number. */
function statusOf(path: string, lines: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
    let reply = ''
    socket.on('data', (chunk) => {
      reply += chunk.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(/^HTTP\/1.1 (\d+)/.exec(reply)?.[1])))
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\n`)
  })
}

test('of two Authorization headers one counts: a dead and a live token never add up to a wrong answer', async () => {
  const token = await signIn(world, await world.identity())
  const path = '/api/auth/session'
  const live = `Authorization: Bearer ${token}`
  expect(await statusOf(path, [live])).toBe(200)
  expect(
    await statusOf(path, [
      live.toLowerCase().replace('bearer', 'Bearer').replace(token.toLowerCase(), token),
    ]),
  ).toBe(200)
  for (const dead of ['Authorization: Bearer a.b.c', 'Authorization: ', 'authorization: Basic eDp5'])
    expect([200, 401]).toContain(await statusOf(path, [live, dead]))
  expect(await statusOf(path, ['Authorization: Bearer a.b.c', 'authorization: Bearer d.e.f'])).toBe(401)
})

test('no header moves the caller to another address', async () => {
  const ip = newIp()
  const names = ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP']
  const attempt = (index: number) => {
    const name = names[index % names.length] ?? ''
    const headers = { [name]: name === 'Forwarded' ? `for=192.0.2.${index}` : `192.0.2.${index}` }
    const body = { identifier: `who-${index}@example.com`, password: 'x' }
    return world.post('/api/auth/login', body, { ip, headers })
  }
  const answers = await Promise.all(Array.from({ length: 52 }, (_, index) => attempt(index)))
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
})

test('Host and X-Forwarded-Host appear nowhere in what is sent', async () => {
  const { email } = await world.identity()
  const headers = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    forwarded: 'host=evil.example',
  }
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp(), headers })
  await world.lastCode(email)
  expect(JSON.stringify(world.messages(email))).not.toContain('evil')
})

test('a user agent of odd bytes and great length is kept short and clean', async () => {
  const identity = await world.identity()
  const body = { identifier: identity.email, password: identity.password }
  const agent = `caf\u00e9 ${'x'.repeat(2000)}`
  const reply = await world.post('/api/auth/login', body, { ip: newIp(), headers: { 'user-agent': agent } })
  expect(answerOf(reply)).toBe('200')
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry?.userAgent).toHaveLength(256)
  expect(entry?.userAgent).toBe(agent.slice(0, 256))
})

test('format characters of a device or user agent, which turn around what stands beside them, are in no entry', async () => {
  const identity = await world.identity()
  const device = { model: 'Pixel \u202e9\u2066', os: 'And\u200broid' }
  const body = { identifier: identity.email, password: identity.password, device }
  const headers = { 'user-agent': 'Agent\u00ad/1.0' }
  expect(answerOf(await world.post('/api/auth/login', body, { ip: newIp(), headers }))).toBe('200')
  const entry = (await entriesOf(world, identity.userId)).at(-1)
  expect(entry?.userAgent).toBe('Agent/1.0')
  expect(entry?.device).toEqual({ model: 'Pixel 9', os: 'Android' })
})

test('a method override is not heeded', async () => {
  const { userId } = await world.identity()
  const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
  await world.get(`/admin/identities/${userId}?_method=DELETE`, { headers })
  expect(answerOf(await world.get(`/admin/identities/${userId}`))).toBe('200')
})

test('what changes how other characters are seen is kept of neither the user agent nor the device', async () => {
  const identity = await world.identity()
  const hidden = ['\u202e', '\u2066', '\u200d', '\u00ad', '\u2028', '\ufeff', '\u{e0041}'].join('')
  const device = { id: `d${hidden}1`, model: `Pixel${hidden} 9`, os: hidden }
  const body = { identifier: identity.email, password: identity.password, device }
  // Headers are bytes: of these characters only U+00AD is one. The gateway's own facts may hold any.
  const headers = { 'user-agent': 'App\u00ad/4.2' }
  expect(answerOf(await world.post('/api/auth/login', body, { ip: newIp(), headers }))).toBe('200')
  expect((await entriesOf(world, identity.userId)).at(-1)).toMatchObject({
    userAgent: 'App/4.2',
    device: { id: 'd1', model: 'Pixel 9', os: '' },
  })
})
