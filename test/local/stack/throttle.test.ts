import { expect, test } from 'vitest'
import { createDispatch } from '#local/gateway/dispatch.ts'
import { mostAtOnce, Throttle } from '#local/gateway/throttle.ts'
import { routes, throttles } from '#shared/contract/routes.ts'

const { burst, ratePerSecond } = throttles.guess

function drain(throttle: Throttle): number {
  let admitted = 0
  while (throttle.admit(routes.login)) admitted += 1
  return admitted
}

test('the burst passes at once, then as many a second as the rate says', () => {
  let now = 0
  const throttle = new Throttle(true, () => now)
  expect(drain(throttle)).toBe(burst)
  now += 1000
  expect(drain(throttle)).toBe(ratePerSecond)
  now += 3_600_000
  expect(drain(throttle)).toBe(burst)
})

test('one route that is drained leaves the others their own', () => {
  const throttle = new Throttle(true, () => 0)
  drain(throttle)
  expect(throttle.admit(routes.verifyLogin)).toBe(true)
})

test('switched off, everything passes; on again, buckets are full', () => {
  const throttle = new Throttle(true, () => 0)
  drain(throttle)
  throttle.enabled = false
  expect(throttle.admit(routes.login)).toBe(true)
  throttle.enabled = true
  expect(drain(throttle)).toBe(burst)
})

test('a throttled request is told when to come back, and reaches no function', async () => {
  const throttle = new Throttle(true, () => 0)
  drain(throttle)
  const dispatch = createDispatch({
    steps: {},
    throttle,
    allowedOrigins: [],
    replied: () => undefined,
    report: (problem) => expect.unreachable(problem),
  })
  const target = routes.login.path
  const response = await dispatch({ method: 'POST', target, headers: [], body: Buffer.of(), sourceIp: '::1' })
  expect(response.status).toBe(429)
  expect(response.headers['Retry-After']).toBe('1')
  expect(String(response.body)).toContain('RATE_LIMITED')
})

test('what comes while as many functions run as may is refused at once, and let in when one has ended', async () => {
  const throttle = new Throttle(true, () => 0)
  const ends = Array.from({ length: mostAtOnce }, () => Promise.withResolvers<string>())
  const running = ends.map(({ promise }) => throttle.run(() => promise))
  expect(await throttle.run(async () => 'beyond')).toBeUndefined()
  ends[0]?.resolve('ended')
  expect(await running[0]).toBe('ended')
  expect(await throttle.run(async () => 'next')).toBe('next')
  ends[1]?.reject(new Error('failed'))
  await expect(running[1]).rejects.toThrow('failed')
  expect(await throttle.run(async () => 'after a failure')).toBe('after a failure')
  throttle.enabled = false
  expect(await throttle.run(async () => 'without limit')).toBe('without limit')
})
