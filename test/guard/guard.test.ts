/** The guard of a team's own API: what it lets through, and what it costs. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type Checked,
  type GuardOptions,
  guard,
  type Introspection,
  type Refused,
} from '../../guard/guard.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const factor = (method: string, minutes: number) => ({
  group: method === 'sms-otp' ? ('POSSESSION' as const) : ('KNOWLEDGE' as const),
  method,
  at: inMinutes(0),
  expiresAt: inMinutes(minutes),
})
const session = (...factors: ReturnType<typeof factor>[]) =>
  ({
    active: true,
    userId: 'u-1',
    factors: [factor('password', 720), ...factors],
    consent: null,
    device: null,
    expiresAt: inMinutes(720),
  }) as const

/** A guard over sessions that the test says, and the tokens it asked about. */
function guarding(says: () => Introspection | Promise<Introspection>, more: Partial<GuardOptions> = {}) {
  const asked: string[] = []
  const problems: string[] = []
  const introspect = async (token: string) => {
    asked.push(token)
    return says()
  }
  const options = { ...more, introspect, report: (problem: string) => problems.push(problem) } as GuardOptions
  return { check: guard(options), asked, problems }
}
const from = (authorization?: string) =>
  new Request('https://api.example.com/x', { headers: authorization === undefined ? {} : { authorization } })
const bearer = from('Bearer a.b.c')

async function answerOf(checked: Checked) {
  if (checked.ok) return checked.userId
  const body = (await checked.json()) as { success: boolean; error: { code: string }; requestId: string }
  expect(body.success).toBe(false)
  expect(body.requestId).toMatch(/./)
  expect(checked.headers.get('cache-control')).toBe('no-store')
  return `${checked.status} ${body.error.code}`
}

test('gives the session of a live token, without saying that it is active', async () => {
  const { active: _, ...facts } = session()
  const { check, asked } = guarding(() => ({ active: true, ...facts }))
  expect(await check(bearer)).toEqual({ ...facts, ok: true })
  expect(asked).toEqual(['a.b.c'])
})

test('a token that opens no session, none, and what can be none are 401 SESSION_INVALID; only the first is asked about', async () => {
  const { check, asked } = guarding(() => ({ active: false }))
  for (const request of [
    bearer,
    from(),
    from(''),
    from('Basic x'),
    from('Bearer a b'),
    from(`Bearer ${'a'.repeat(1001)}`),
  ]) {
    const refused = await check(request)
    expect((refused as Refused).headers.get('www-authenticate')).toBe('Bearer')
    expect(await answerOf(refused)).toBe('401 SESSION_INVALID')
  }
  expect(asked).toEqual(['a.b.c'])
})

test('each answer says by `ok` what it is, in a server that has another `Response` too', async () => {
  const Native = Response
  vi.stubGlobal('Response', class extends Native {})
  const live = guarding(() => session())
  const dead = guarding(() => ({ active: false }))
  const away = guarding(() => Promise.reject(new Error('gone')))
  const answers = [
    await live.check(bearer),
    await dead.check(bearer),
    await live.check(bearer, { needs: ['PIN'] }),
    await away.check(bearer),
  ]
  expect(answers.map(({ ok }) => ok)).toEqual([true, false, false, false])
  expect(answers.map((checked) => (checked.ok ? checked.userId : checked.status))).toEqual([
    'u-1',
    401,
    403,
    503,
  ])
  expect(answers.some((checked) => checked instanceof Response)).toBe(false)
})

describe('needs', () => {
  const cases = [
    ['nothing', [], [], 'u-1'],
    ['possession, without', ['POSSESSION'], [], '403 SECOND_FACTOR_REQUIRED'],
    ['possession', ['POSSESSION'], [factor('sms-otp', 15)], 'u-1'],
    ['a PIN, with possession alone', ['PIN'], [factor('sms-otp', 15)], '403 SECOND_FACTOR_REQUIRED'],
    ['a PIN that stands alone (G15)', ['PIN'], [factor('pin', 5)], '403 SECOND_FACTOR_REQUIRED'],
    ['a PIN', ['PIN'], [factor('pin', 5), factor('sms-otp', 15)], 'u-1'],
    ['both', ['POSSESSION', 'PIN'], [factor('sms-otp', 15), factor('pin', 5)], 'u-1'],
  ] as const

  test.each(cases)('%s', async (_, needs, factors, answer) => {
    const { check } = guarding(() => session(...factors), { needs: [...needs] })
    expect(await answerOf(await check(bearer))).toBe(answer)
  })

  test('what is missing is named, and how to prove it', async () => {
    const { check } = guarding(() => session())
    const refused = (await check(bearer, { needs: ['PIN'] })) as Refused
    const { error } = (await refused.json()) as { error: { details: { field: string; message: string }[] } }
    expect(error.details.map(({ field }) => field)).toEqual(['POSSESSION', 'PIN'])
    expect(error.details.map(({ message }) => message).join()).toContain('/api/pin/verify')
  })

  test('a check may name its own, in place of those of all', async () => {
    const { check } = guarding(() => session(), { needs: ['POSSESSION'] })
    expect(await answerOf(await check(bearer, { needs: [] }))).toBe('u-1')
    expect(await answerOf(await check(bearer))).toBe('403 SECOND_FACTOR_REQUIRED')
  })

  test('one that there is not is told at once', () => {
    expect(() => guarding(() => session(), { needs: ['pin' as 'PIN'] })).toThrow('no need pin')
  })
})

test('where Latchkey cannot be asked it is 503 UNAVAILABLE, told to the team and without the token', async () => {
  const { check, problems } = guarding(() => Promise.reject(new Error('connection refused')))
  const refused = (await check(bearer)) as Refused
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await answerOf(refused)).toBe('503 UNAVAILABLE')
  expect(problems).toEqual(['guard: Latchkey could not be asked: connection refused'])
})

describe('the cache', () => {
  test('is none unless asked for: each request is asked about, and the end of a session is seen at the next', async () => {
    let live = true
    const { check, asked } = guarding(() => (live ? session() : { active: false }))
    expect(await answerOf(await check(bearer))).toBe('u-1')
    live = false
    expect(await answerOf(await check(bearer))).toBe('401 SESSION_INVALID')
    expect(asked).toHaveLength(2)
  })

  test('lets a session that was ended pass for as long as it is told, and no longer', async () => {
    vi.useFakeTimers()
    let live = true
    const { check, asked } = guarding(() => (live ? session() : { active: false }), { cacheSeconds: 10 })
    await check(bearer)
    live = false
    vi.advanceTimersByTime(9999)
    expect(await answerOf(await check(bearer))).toBe('u-1')
    expect(asked).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(await answerOf(await check(bearer))).toBe('401 SESSION_INVALID')
  })

  test('never lets a factor or a session pass that is over', async () => {
    vi.useFakeTimers()
    const kept = { ...session(factor('sms-otp', 1)), expiresAt: inMinutes(2) }
    const { check } = guarding(() => kept, { cacheSeconds: 3600 })
    expect(await answerOf(await check(bearer, { needs: ['POSSESSION'] }))).toBe('u-1')
    vi.advanceTimersByTime(60_000)
    const checked = await check(bearer)
    expect(checked).toMatchObject({ factors: [{ method: 'password' }] })
  })

  test('asks anew where something is missing: it may have been proved meanwhile', async () => {
    const factors: ReturnType<typeof factor>[] = []
    const { check, asked } = guarding(() => session(...factors), { cacheSeconds: 3600 })
    expect(await answerOf(await check(bearer, { needs: ['POSSESSION'] }))).toBe('403 SECOND_FACTOR_REQUIRED')
    factors.push(factor('sms-otp', 15))
    expect(await answerOf(await check(bearer, { needs: ['POSSESSION'] }))).toBe('u-1')
    expect(asked).toHaveLength(2)
    await check(bearer, { needs: ['POSSESSION'] })
    expect(asked).toHaveLength(2)
  })
})

describe('asking over HTTP', () => {
  const answering = (status: number, body: object) => {
    const seen: { url: string; init: RequestInit }[] = []
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
      seen.push({ url: String(url), init })
      return Response.json(body, { status })
    })
    return seen
  }

  test('is signed for API Gateway with the credentials of the process, as AWS Signature Version 4', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    vi.stubEnv('AWS_SESSION_TOKEN', 'from-a-role')
    const seen = answering(200, { success: true, data: session() })
    const check = guard({ url: 'https://api.example.com/live/', region: 'eu-central-1' })
    expect(await answerOf(await check(bearer))).toBe('u-1')
    const [{ url, init } = { url: '', init: {} }] = seen
    expect([url, init.method, init.body]).toEqual([
      'https://api.example.com/live/admin/sessions/introspect',
      'POST',
      '{"token":"a.b.c"}',
    ])
    const headers = new Headers(init.headers)
    expect(headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    )
    expect(headers.get('x-amz-security-token')).toBe('from-a-role')
  })

  test('is not signed to this machine, whose local stack is open to it', async () => {
    const seen = answering(200, { success: true, data: { active: false } })
    const check = guard({ url: 'http://127.0.0.1:3000' })
    expect(await answerOf(await check(bearer))).toBe('401 SESSION_INVALID')
    expect(new Headers(seen[0]?.init.headers).get('authorization')).toBeNull()
  })

  test('goes by the team’s own fetch where one is given: to any address, signed by that or not at all', async () => {
    const seen: string[] = []
    const own = async (url: URL, init: RequestInit) => {
      seen.push(`${init.method} ${url} ${init.body}`)
      return Response.json({ success: true, data: session() })
    }
    const check = guard({ url: 'http://latchkey:3000', fetch: own })
    expect(await answerOf(await check(bearer))).toBe('u-1')
    expect(seen).toEqual(['POST http://latchkey:3000/admin/sessions/introspect {"token":"a.b.c"}'])
  })

  test('says the status where it is refused', async () => {
    answering(403, { message: 'Forbidden' })
    const problems: string[] = []
    const check = guard({ url: 'http://127.0.0.1:3000', report: (problem) => problems.push(problem) })
    expect(await answerOf(await check(bearer))).toBe('503 UNAVAILABLE')
    expect(problems).toEqual(['guard: Latchkey could not be asked: Latchkey answered 403'])
  })

  test.each(['http://api.example.com', 'ftp://127.0.0.1', 'api.example.com', ''])(
    'tokens are never sent to %j',
    (url) => {
      expect(() => guard({ url, region: 'eu-central-1' })).toThrow()
    },
  )

  test('without a region there is no signature, and no guard', () => {
    vi.stubEnv('AWS_REGION', '')
    expect(() => guard({ url: 'https://api.example.com' })).toThrow('AWS_REGION')
  })
})
