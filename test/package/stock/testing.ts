import { startLatchkey } from 'latchkey/testing'

const stack = await startLatchkey({ seed: true })
try {
  const login = { body: { identifier: 'priyasharma', password: 'password123' } }
  const reply = await stack.client().call('login', login)
  const token = reply.ok && !reply.data.mfaRequired ? reply.data.accessToken : ''
  const session = await stack.client().call('getSession', { token })
  const page = await fetch(stack.url)
  console.log(session.ok ? session.data.userId : session.code, page.status)
} finally {
  await stack.stop()
}
