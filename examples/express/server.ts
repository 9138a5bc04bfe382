/** An API of a team's own: what it gives, and to whom. */
import express from 'express'
import { guard } from 'latchkey/guard'
import { type Guarded, guarded } from './guarded.ts'

const check = guard({ url: process.env['LATCHKEY_URL'] ?? 'http://127.0.0.1:3000' })
const app = express()

app.get('/account', guarded(check), (request: Guarded, response) => {
  response.json({ userId: request.latchkey?.userId })
})

app.post('/transfers', guarded(check, 'POSSESSION', 'PIN'), (request: Guarded, response) => {
  response.json({ from: request.latchkey?.userId, done: true })
})

app.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1')
