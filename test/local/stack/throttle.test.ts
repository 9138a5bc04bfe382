import { expect, test } from 'vitest'
import { createDispatch } from '#local/gateway/dispatch.ts'
import { Throttle } from '#local/gateway/throttle.ts'
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

test('while many functions run, what comes waits its turn; switched off, it runs beside them', async () => {
  const throttle = new Throttle(true, () => 0)
  const end = Promise.withResolvers<void>()
  let begun = 0
  const work = () => {
    begun += 1
    return end.promise
  }
  const all = Array.from({ length: burst }, () => throttle.run(work))
  await Promise.resolve()
  expect(begun).toBeGreaterThan(0)
  expect(begun).toBeLessThan(burst)
  throttle.enabled = false
  expect(await throttle.run(async () => 'without limit')).toBe('without limit')
  end.resolve()
  await Promise.all(all)
  expect(begun).toBe(burst)
})
