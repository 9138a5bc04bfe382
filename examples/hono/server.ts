/** An API of a team's own: what it gives, and to whom. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type GuardedSession, guard } from 'latchkey/guard'
import { guarded } from './guarded.ts'

const check = guard({ url: process.env['LATCHKEY_URL'] ?? 'http://127.0.0.1:3000' })
const app = new Hono<{ Variables: { session: GuardedSession } }>()

app.get('/account', guarded(check), (context) => context.json({ userId: context.get('session').userId }))

app.post('/transfers', guarded(check, 'POSSESSION', 'PIN'), (context) =>
  context.json({ from: context.get('session').userId, done: true }),
)

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 8080) })
