// A service beside Latchkey, with nothing but fetch: registers somebody, resets their password by the code they
// were sent, signs them in. In tests of your own, read codes in the same way.
import { randomUUID } from 'node:crypto'

const url = process.env.LATCHKEY_URL ?? 'http://127.0.0.1:3000'

/** @throws Error with the answer where it is a refusal */
async function call(method, path, body) {
  const json = { 'content-type': 'application/json' }
  const response = await fetch(url + path, { method, headers: json, body: body && JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

/** The six digits of the first message to an address, which comes a moment after it was asked for. */
async function codeSentTo(address) {
  for (let tried = 0; tried < 100; tried += 1) {
    const [message] = await call('GET', `/_local/messages?to=${encodeURIComponent(address)}`)
    const code = message?.text.match(/(?<![\w-])\d{6}(?![\w-])/)?.[0]
    if (code) return code
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no code was sent to ${address}`)
}

const userId = `compose-${randomUUID()}`
const email = `${userId}@example.com`
const newPassword = `Long-enough-${randomUUID()}-A`

await call('PUT', `/admin/identities/${userId}`, { email })
await call('POST', '/auth/request-password-reset', { email })
const otp = await codeSentTo(email)
await call('POST', '/auth/reset-password', { email, otp, newPassword })
const { data } = await call('POST', '/api/auth/login', { identifier: email, password: newPassword })
console.log(`${userId} is signed in for ${data.expiresInSeconds} s`)
