/** The developer's pages besides the inbox: people, routes, the stack's handles. */
import { describe, expect, test } from 'vitest'
import { statesOf } from '#local/pages/people.ts'
import { routesPage } from '#local/pages/routes-to-try.ts'
import { openApi } from '#shared/contract/openapi.ts'
import { routes } from '#shared/contract/routes.ts'
import type { Identity } from '#shared/domain/identity.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

const page = async (path: string) => {
  const response = await fetch(`${world.url}${path}`)
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

test('there is an agreement to read before a first PIN', async () => {
  expect(await page('/_local/agreement')).toMatchObject({
    status: 200,
    text: expect.stringContaining('Sample agreement'),
  })
})

test('what was published is shown newest first, of everybody or of one', async () => {
  const [first, second] = [await world.identity(), await world.identity()]
  await world.post(`/admin/identities/${second.userId}/sign-out`, { reason: '<b>lost</b>' })
  const { text } = await page('/_local/bus')
  expect(text.indexOf(second.userId)).toBeLessThan(text.indexOf(first.userId))
  expect(text).toContain('&quot;source&quot;: &quot;latchkey&quot;')
  const own = await page(`/_local/bus?userId=${first.userId}`)
  expect(own.text).toContain('IDENTITY_CREATED')
  expect(own.text).not.toContain(second.userId)
  expect((await page('/_local/bus?userId=%3Cb%3E')).text).toContain(
    'Nothing was published of this person yet',
  )
})

describe('people', () => {
  test('everybody who is registered is listed, the decoy is not', async () => {
    const { userId, email } = await world.identity()
    const { text } = await page('/_local/people')
    expect(text).toContain(`>${userId}</a>`)
    expect(text).toContain(email)
    expect(text).not.toContain('~decoy')
  })

  test('a person’s page shows state and ledger, newest first', async () => {
    const { userId } = await world.identity()
    await world.post(`/admin/identities/${userId}/require-reset`)
    await world.idle()
    const { text } = await page(`/_local/people?userId=${userId}`)
    expect(text).toContain('password must be reset')
    expect(text).toContain('The password was made unusable until it is reset')
    expect(text.indexOf('IDENTITY_CHANGED')).toBeGreaterThan(0)
    expect(text.indexOf('IDENTITY_CHANGED')).toBeLessThan(text.indexOf('IDENTITY_CREATED'))
  })

  test('nobody’s page says so', async () => {
    expect((await page('/_local/people?userId=nobody')).text).toContain('Nobody has this userId now')
  })

  const someone = {
    status: 'active',
    mfaEnabled: false,
    pinFailures: 0,
    password: {},
  } as unknown as Identity
  const pin = {} as NonNullable<Identity['pin']>
  test.each<[string, Partial<Identity>, boolean]>([
    ['suspended', { status: 'suspended' }, true],
    ['password must be reset', { resetRequired: true }, true],
    ['PIN locked', { pin, pinFailures: 10 }, true],
    ['PIN set, 9 wrong in a row', { pin, pinFailures: 9 }, false],
    ['PIN must be reset', { pin, pinResetRequired: true }, true],
    ['no recovery codes until 1970-01-01T00:00:02.000Z', { recoveryFrozenUntil: 2000 }, true],
    ['breach check still due', { breachCheckDue: true }, false],
    ['signs in with a code', { mfaEnabled: true }, false],
  ])('%s', (words, has, hinders) => {
    const found = statesOf({ ...someone, ...has }, 1000).find((state) => state.words === words)
    expect(found).toEqual(hinders ? { words, hinders } : { words })
  })

  test('a freeze that is over is none', () => {
    const states = statesOf({ ...someone, recoveryFrozenUntil: 1000 }, 1000)
    expect(states.some(({ hinders }) => hinders === true)).toBe(false)
  })
})

test('each route of the contract can be tried', () => {
  const text = routesPage(openApi() as never)
  for (const { path, method } of Object.values(routes))
    expect(text).toContain(`data-method="${method}" action="${path}"`)
})

test('the stack’s page shows clock, faults, throttle and the calls of a request', async () => {
  await world.post('/_local/faults', { service: 'hibp', mode: 'slow', delayMs: 1, count: 3 })
  const reply = await fetch(`${world.url}/api/auth/session`, { headers: { authorization: 'Bearer a.b.c' } })
  const requestId = reply.headers.get('x-request-id') ?? ''
  const { text } = await page(`/_local/stack?requestId=${encodeURIComponent(requestId)}`)
  expect(text).toContain('&quot;service&quot;:&quot;hibp&quot;')
  expect(text).toMatch(/throttling is <b>o(n|ff)<\/b>/)
  expect(text).toContain(requestId)
  await world.post('/_local/faults', { count: 0 })
})

test('script and style are the stack’s own; a page of another origin gets neither', async () => {
  expect(await page('/_local/developer.js')).toMatchObject({
    status: 200,
    type: 'text/javascript; charset=utf-8',
  })
  expect(await page('/_local/developer.css')).toMatchObject({ status: 200, type: 'text/css; charset=utf-8' })
  const foreign = await fetch(`${world.url}/_local/people`, { headers: { origin: 'https://page.example' } })
  expect(foreign.status).toBe(403)
})

test('the address with a slash at its end is the same page', async () => {
  expect((await page('/_local/')).text).toContain('<h1>Inbox</h1>')
})

test('the inbox can be cleared', async () => {
  const { email } = await world.identity()
  await world.post('/api/auth/forgot-password', { email })
  await world.lastCode(email)
  expect((await fetch(`${world.url}/_local/messages`, { method: 'DELETE' })).status).toBe(200)
  expect(await (await fetch(`${world.url}/_local/messages`)).json()).toEqual([])
})
