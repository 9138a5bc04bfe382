import { createClient } from 'latchkey/client'

const client = createClient({ origin: 'http://127.0.0.1:1', timeoutMs: 1000 })
const reply = await client.call('login', { body: { identifier: 'priyasharma', password: 'password123' } })
if (!reply.ok) console.log(reply.code)
else if (reply.data.mfaRequired) console.log(reply.data.challengeId.length)
else console.log(reply.data.accessToken.length)
