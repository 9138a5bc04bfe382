import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { guard } from 'latchkey/guard'
import { startLatchkey } from 'latchkey/testing'

const stack = await startLatchkey({ seed: true, sender: 'out/sender.js' })
try {
  const login = { body: { identifier: 'priyasharma', password: 'password123' } }
  const reply = await stack.client().call('login', login)
  const token = reply.ok && !reply.data.mfaRequired ? reply.data.accessToken : ''
  const session = await stack.client().call('getSession', { token })
  const page = await fetch(stack.url)
  const check = guard({ url: stack.url })
  const request = new Request('https://api.example.com', { headers: { authorization: `Bearer ${token}` } })
  const checked = await check(request)
  const refused = await check(request, { needs: ['POSSESSION'] })
  await stack.client().call('forgotPassword', { body: { email: 'priya.sharma@example.com' } })
  let handed = ''
  while (handed === '') {
    await sleep(20)
    if (existsSync('handed.txt')) handed = readFileSync('handed.txt', 'utf8')
  }
  console.log(
    session.ok ? session.data.userId : session.code,
    page.status,
    checked.ok ? checked.userId : checked.status,
    refused.ok ? refused.userId : refused.status,
    handed,
  )
} finally {
  await stack.stop()
}
