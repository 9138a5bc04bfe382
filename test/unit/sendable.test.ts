/** Who may be sent what, and where to. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FlowId } from '#shared/contract/flows.ts'
import type { SmsText } from '#shared/contract/sms-registrations.ts'
import type { Identity } from '#shared/domain/identity.ts'
import { judgeOrder, type SmsRules, smsRefusal } from '#shared/domain/sendable.ts'
import { pairKey, subjectKey } from '#shared/domain/subject.ts'
import type { CodeOrder } from '#shared/events.ts'

const india = {
  senderId: 'L',
  entityId: 'e',
  templates: { en: { 'code.pin': '1', passwordChanged: '2' }, ar: { 'code.pin': '3' } },
}
const rules: SmsRules = {
  countries: ['EG', 'IN'],
  senders: { EG: { senderId: 'L' }, IN: india },
  languageOf: (locale) => (locale.startsWith('ar') ? 'ar' : 'en'),
}
const person: Identity = {
  userId: 'u-1',
  email: 'a@example.com',
  username: 'someone',
  phone: '+201001234567',
  locale: 'en',
  status: 'active',
  mfaEnabled: false,
  consents: {},
  credentialEpoch: 0,
  sessionEpoch: 0,
  history: [],
  pinFailures: 0,
  createdAt: 0,
  updatedAt: 0,
  rev: 0,
}
const without = (name: 'email' | 'phone'): Identity => {
  const { [name]: _, ...rest } = person
  return rest
}
/** As the step writes it: kept under the key of whoever it names. */
function order(flow: FlowId, more: Partial<CodeOrder> = {}): CodeOrder {
  const subject = more.subject ?? { kind: 'username', value: 'someone' }
  const challengeId = flow === 'login-mfa' ? `c.${subject.value}` : 'c'
  const key =
    flow === 'login-mfa'
      ? challengeId
      : more.phone === undefined
        ? subjectKey(subject)
        : pairKey(subject, more.phone)
  return { flow, challengeId, key, subject, requestId: 'r', time: 0, ...more }
}
const now = 1_000_000
const reasonOf = (given: CodeOrder, identity: Identity | undefined, by: SmsRules) => {
  const judged = judgeOrder(given, identity, by, now)
  return judged.refused ?? `${judged.channel} ${judged.address}`
}

describe('an SMS goes', () => {
  test.each([
    ['+201001234567', undefined],
    ['+919876543210', undefined],
    ['+14155550123', 'country_not_listed'],
    ['+447911123456', 'country_not_listed'],
    ['+870773111632', 'country_not_listed'],
  ])('to %s: %s', (phone, reason) => {
    expect(smsRefusal(phone, rules)).toBe(reason)
  })

  test('only with all that the country’s networks demand', () => {
    const refusal = (senders: SmsRules['senders'], phone: string) => smsRefusal(phone, { ...rules, senders })
    expect(refusal({}, '+201001234567')).toBe('sender_not_registered')
    expect(refusal({ EG: { entityId: 'e' } }, '+201001234567')).toBe('sender_not_registered')
    for (const missing of ['senderId', 'entityId']) {
      const sender = { ...india, [missing]: undefined }
      expect([missing, refusal({ IN: sender }, '+919876543210')]).toEqual([missing, 'sender_not_registered'])
    }
    for (const templates of [undefined, {}, { en: {} }])
      expect(refusal({ IN: { ...india, templates } }, '+919876543210')).toBe('template_not_registered')
  })

  test('where each text is registered, only with the id of just that text in the language it is written in', () => {
    const refusal = (text: SmsText, locale: string, phone = '+919876543210') =>
      smsRefusal(phone, rules, { text, locale })
    expect(refusal('code.pin', 'en-IN')).toBeUndefined()
    expect(refusal('code.pin', 'ar')).toBeUndefined()
    expect(refusal('code.password', 'en')).toBe('template_not_registered')
    expect(refusal('passwordChanged', 'en')).toBeUndefined()
    expect(refusal('passwordChanged', 'ar')).toBe('template_not_registered')
    // Written in English, because there are no texts in French.
    expect(refusal('passwordChanged', 'fr')).toBeUndefined()
    expect(refusal('passwordChanged', 'ar', '+201001234567')).toBeUndefined()
  })

  test('to a listed country that demands nothing without a sender', () => {
    expect(smsRefusal('+14155550123', { ...rules, countries: ['US'], senders: {} })).toBeUndefined()
  })

  test('a sender of the team is asked for no registration, and is held to the list of countries', () => {
    const own = { ...rules, senders: {}, ownSender: true }
    const content = { text: 'code.pin', locale: 'en' } as const
    for (const phone of ['+201001234567', '+919876543210']) {
      expect(smsRefusal(phone, own, content)).toBeUndefined()
      expect(smsRefusal(phone, { ...own, ownSender: false }, content)).toBe('sender_not_registered')
    }
    expect(smsRefusal('+14155550123', own, content)).toBe('country_not_listed')
  })
})

describe('an order', () => {
  test.each([
    ['password-email', 'email a@example.com'],
    ['password-email-basic', 'email a@example.com'],
    ['password-two-factor', 'sms +201001234567'],
    ['pin-reset', 'sms +201001234567'],
    ['step-up', 'sms +201001234567'],
    ['login-mfa', 'sms +201001234567'],
  ] as const)('of %s goes by %s', (flow, sent) => {
    expect(reasonOf(order(flow), person, rules)).toBe(sent)
  })

  test('is not sent once what was shown before it, a password or a session, is no longer good', () => {
    for (const flow of ['login-mfa', 'step-up'] as const) {
      expect(reasonOf(order(flow, { epoch: person.credentialEpoch }), person, rules)).toBe(
        'sms +201001234567',
      )
      expect(reasonOf(order(flow, { epoch: person.credentialEpoch - 1 }), person, rules)).toBe('stale_epoch')
    }
  })

  test('whose challenge is kept under the key of somebody else is not sent: no step writes one', () => {
    const other = subjectKey({ kind: 'username', value: 'someone-else' })
    for (const flow of ['password-email', 'pin-reset', 'step-up', 'password-two-factor'] as const)
      expect(reasonOf(order(flow, { key: other }), person, rules)).toBe('inconsistent_order')
    const pair = { phone: '+201001234567', key: subjectKey({ kind: 'username', value: 'someone' }) }
    expect(reasonOf(order('password-two-factor', pair), person, rules)).toBe('inconsistent_order')
    const elsewhere = { key: 'c.someone-else', challengeId: 'c.someone-else' }
    for (const more of [{ key: 'c.someone-else' }, { challengeId: 'd.someone' }, elsewhere])
      expect(reasonOf(order('login-mfa', more), person, rules)).toBe('inconsistent_order')
  })

  test('for nobody or a suspended identity is not sent', () => {
    expect(reasonOf(order('password-email'), undefined, rules)).toBe('unknown')
    expect(reasonOf(order('password-email'), { ...person, status: 'suspended' }, rules)).toBe('suspended')
  })

  test.each([
    ['password-email', 'frozen-by-owner'],
    ['password-email-basic', 'frozen-by-owner'],
    ['password-two-factor', 'frozen-by-owner'],
    ['pin-reset', 'frozen-by-owner'],
    ['step-up', 'sms +201001234567'],
    ['login-mfa', 'sms +201001234567'],
  ] as const)('of %s while its owner froze recovery: %s; after that it is sent', (flow, sent) => {
    expect(reasonOf(order(flow), { ...person, recoveryFrozenUntil: now + 1 }, rules)).toBe(sent)
    expect(reasonOf(order(flow), { ...person, recoveryFrozenUntil: now }, rules)).not.toBe('frozen-by-owner')
  })

  test('without an address of the flow’s channel is not sent', () => {
    expect(reasonOf(order('password-email'), without('email'), rules)).toBe('no_address')
    expect(reasonOf(order('pin-reset'), without('phone'), rules)).toBe('no_address')
  })

  test('of a pair is sent to the pair only', () => {
    const pair = order('password-two-factor', { phone: '+201001234567' })
    expect(reasonOf(pair, person, rules)).toBe('sms +201001234567')
    const others = [
      { phone: '+201001234568' },
      { phone: '+201001234567', subject: { kind: 'email', value: 'b@example.com' } },
    ] as const
    for (const other of others)
      expect(reasonOf(order('password-two-factor', other), person, rules)).toBe('pair_mismatch')
  })

  test('of a pair is not sent where the sign-in code would go to the same SIM', () => {
    const mfa = { ...without('email'), mfaEnabled: true }
    expect(reasonOf(order('password-two-factor'), mfa, rules)).toBe('mfa_without_email')
    expect(reasonOf(order('password-two-factor'), { ...mfa, mfaEnabled: false }, rules)).toBe(
      'sms +201001234567',
    )
    expect(reasonOf(order('pin-reset'), mfa, rules)).toBe('sms +201001234567')
    const mailed = { ...person, mfaEnabled: true }
    expect(reasonOf(order('password-two-factor'), mailed, rules)).toBe('sms +201001234567')
  })

  test('of a sign-in goes by the other channel than the last reset’s, or nowhere', () => {
    const [byEmail, bySms] = ['email a@example.com', 'sms +201001234567']
    for (const [last, sent] of [
      [{ lastResetBy: 'sms' }, byEmail],
      [{ signInCodeByEmail: true }, byEmail],
      [{ lastResetBy: 'email' }, bySms],
      [{ lastResetBy: 'email', signInCodeByEmail: true }, bySms],
    ] as const)
      expect(reasonOf(order('login-mfa'), { ...person, ...last }, rules)).toBe(sent)
    const lost = { ...without('email'), lastResetBy: 'sms' } as const
    expect(reasonOf(order('login-mfa'), lost, rules)).toBe('no_address')
    expect(reasonOf(order('pin-reset'), { ...person, lastResetBy: 'sms' }, rules)).toBe(bySms)
  })

  test('never goes anywhere but to a stored address of an active identity', () => {
    const flows = fc.constantFrom<FlowId>(
      'password-email',
      'password-email-basic',
      'password-two-factor',
      'pin-reset',
      'step-up',
      'login-mfa',
    )
    const identity = fc.record({
      email: fc.constantFrom(undefined, 'a@example.com'),
      phone: fc.constantFrom(undefined, '+201001234567', '+14155550123'),
      status: fc.constantFrom('active' as const, 'suspended' as const),
      mfaEnabled: fc.boolean(),
      signInCodeByEmail: fc.boolean(),
    })
    fc.assert(
      fc.property(
        flows,
        identity,
        fc.constantFrom(undefined, '+201001234567', '+910000000000'),
        (flow, given, phone) => {
          const found = { ...person, ...given } as Identity
          const judged = judgeOrder(order(flow, phone === undefined ? {} : { phone }), found, rules, now)
          if (judged.refused !== undefined) return
          expect(found.status).toBe('active')
          expect([found.email, found.phone]).toContain(judged.address)
          expect(judged.address).not.toBe('+14155550123')
        },
      ),
    )
  })
})

test('a code whose text is not registered in the language of the person is not sent', () => {
  const there = { ...person, phone: '+919876543210' }
  expect(reasonOf(order('pin-reset'), there, rules)).toBe('sms +919876543210')
  expect(reasonOf(order('pin-reset'), { ...there, locale: 'ar-EG' }, rules)).toBe('sms +919876543210')
  for (const flow of ['password-two-factor', 'step-up', 'login-mfa'] as const)
    expect(reasonOf(order(flow), there, rules), flow).toBe('template_not_registered')
  expect(reasonOf(order('password-email'), there, rules)).toBe('email a@example.com')
})

test('a code to a country that is not listed is not sent', () => {
  const abroad = { ...person, phone: '+14155550123' }
  expect(reasonOf(order('pin-reset'), abroad, rules)).toBe('country_not_listed')
})
