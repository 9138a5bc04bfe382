import { expect, it } from 'vitest'
import type { EventType, LedgerEvent } from '#shared/events.ts'
import { figuresOf } from '#shared/ledger/figures.ts'

const event = (type: EventType, more: Partial<LedgerEvent> = {}): LedgerEvent => ({
  type,
  time: 1,
  actor: 'subject',
  subject: { kind: 'email', value: 'ann@example.com' },
  outcome: 'success',
  requestId: 'r',
  flow: 'password-email',
  ...more,
})
const code = (what: 'sent' | 'verified', country: string): Partial<LedgerEvent> => ({
  flow: 'pin-reset',
  smsCode: { what, country, askedAt: 1 },
})

it('counts recoveries that begin and end, and what stood in the way', () => {
  const events = [
    event('CODE_REQUESTED'),
    event('CODE_REQUESTED', { flow: 'pin-reset' }),
    event('CODE_NOT_SENT', { outcome: 'failure', reason: 'paused' }),
    event('PASSWORD_RESET'),
    event('LIMIT_REACHED', { outcome: 'failure' }),
  ]
  expect(figuresOf(events)).toEqual([{ started: 2, notSent: 1, finished: 1, limited: 1 }])
})

it('counts codes by SMS by their country, as the breaker does', () => {
  const events = [
    event('CODE_REQUESTED', { flow: 'pin-reset' }),
    event('CODE_SENT', code('sent', 'EG')),
    event('CODE_SENT', code('sent', 'IN')),
    event('CODE_SENT', code('sent', 'EG')),
    event('PIN_RESET', code('verified', 'EG')),
  ]
  expect(figuresOf(events)).toStrictEqual([
    { started: 1, finished: 1 },
    { country: 'EG', sent: 2, verified: 1 },
    { country: 'IN', sent: 1 },
  ])
})

const { flow: _flow, ...flowless } = event('PASSWORD_RESET')

it('counts no sign-in, no step-up and no refused reset as a recovery', () => {
  const events = [
    event('CODE_REQUESTED', { flow: 'login-mfa' }),
    event('CODE_REQUESTED', { flow: 'step-up' }),
    event('CODE_REQUESTED', { outcome: 'failure', reason: 'too_soon' }),
    event('PASSWORD_RESET', { outcome: 'failure', reason: 'reused' }),
    event('LOGIN'),
    flowless,
  ]
  expect(figuresOf(events)).toEqual([])
})
