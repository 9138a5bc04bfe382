/** Each step once on the local stack, on its successful path, and the calls to AWS that it was booked with. */
import { setTimeout as sleep } from 'node:timers/promises'
import { seedPassword, seedPasswordHash } from '#local/seed.ts'
import { startStack } from '#local/stack.ts'
import { routes } from '#shared/contract/routes.ts'
import { answerWith } from './ask.ts'
import { newPerson, type Person } from './people.ts'
import { newPassword } from './recovery.ts'

/** One request and the calls before its reply, such as `dynamodb TransactWriteItems`. */
export interface CountedRequest {
  readonly step: string
  readonly path: string
  readonly calls: readonly string[]
}

type Json = Record<string, unknown>
type Client = Awaited<ReturnType<typeof openClient>>

const stepOf = (path: string) => Object.values(routes).find((route) => route.path === path)?.step ?? 'admin'
const pin = '482915'
const codeWaitMs = 20

async function openClient() {
  const stack = await startStack({ throttling: false })
  const requests: CountedRequest[] = []

  async function send(method: string, path: string, body: Json, token?: string) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const reply = await fetch(stack.url + path, { method, headers, body: JSON.stringify(body) })
    const answer = (await reply.json()) as { data: Record<string, string>; token?: string }
    if (!reply.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    const id = reply.headers.get('x-request-id') ?? ''
    const booked = await fetch(`${stack.url}/_local/calls?requestId=${id}`)
    const calls = ((await booked.json()) as { service: string; operation: string }[])
      // The breach check is not a service of AWS.
      .filter(({ service }) => service !== 'hibp')
      .map(({ service, operation }) => `${service} ${operation}`)
    requests.push({ step: stepOf(path), path, calls })
    return answer
  }

  /** The newest code to an address; a notice may come after it. */
  async function code(to: string): Promise<string> {
    await stack.idle()
    await sleep(codeWaitMs)
    const sent = stack.services.inbox.messages(to)
    return sent.flatMap(({ text }) => /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0] ?? []).at(-1) ?? ''
  }

  async function register(): Promise<Person> {
    const person = newPerson()
    const { userId, ...identity } = person
    const body = { ...identity, passwordHash: seedPasswordHash }
    await send('PUT', `/admin/identities/${userId}`, body)
    return person
  }

  const post = (path: string, body: Json, token?: string) => send('POST', path, body, token)
  return { post, code, register, requests, close: stack.close }
}

async function byEmail({ post, code, register }: Client): Promise<void> {
  const { email } = await register()
  await post('/auth/request-password-reset', { email })
  const otp = await code(email)
  const { token } = await post('/auth/verify-password-reset-otp', { email, otp })
  await post('/auth/reset-password', { email, token, newPassword })
  await post('/api/auth/login', { identifier: email, password: newPassword })
}

async function byCodeAlone({ post, code, register }: Client): Promise<void> {
  const { email } = await register()
  await post('/api/auth/forgot-password', { email })
  await post('/api/auth/reset-password', { email, otp: await code(email), newPassword })
}

async function byPair({ post, code, register }: Client): Promise<void> {
  const { username: identifier, phone } = await register()
  const pair = { identifier, phone }
  await post('/api/password-reset/verify-identity', pair)
  await post('/api/password-reset/request', pair)
  const { data } = await post('/api/password-reset/verify-otp', { ...pair, otp: await code(phone) })
  await post('/api/password-reset/reset', { ...pair, resetToken: data['resetToken'], newPassword })
}

async function byPin({ post, code, register }: Client): Promise<void> {
  const { userId, email, phone } = await register()
  const { data } = await post('/api/auth/login', { identifier: email, password: seedPassword })
  const token = data['accessToken']
  await post('/api/consent', { document: 'terms', version: '1' }, token)
  await post('/api/auth/step-up/request', {}, token)
  await post('/api/auth/step-up/verify', { otp: await code(phone) }, token)
  await post('/api/pin/set', { userId, pin: '730264' }, token)
  await post('/api/pin/reset/request', { phone })
  await post('/api/pin/reset', { phone, otp: await code(phone), newPin: pin })
}

/** Everything twice: the first time warms the functions. */
async function measure(): Promise<readonly CountedRequest[]> {
  const client = await openClient()
  const flows = [byEmail, byCodeAlone, byPair, byPin]
  for (const flow of flows) await flow(client)
  const warm = client.requests.length
  for (const flow of flows) await flow(client)
  await client.close()
  return client.requests.slice(warm)
}

answerWith({ measure })
