import { expect, test } from 'vitest'
import { inboxPage, inboxPagePolicy } from '#local/pages/inbox.ts'
import type { InboxMessage } from '#local/services/inbox.ts'

const email: InboxMessage = {
  id: '1',
  channel: 'email',
  to: 'priya.sharma@example.com',
  subject: 'Your code <b>',
  text: 'Your code is 123456.',
  html: '<p style="color:red">Your "code" & more</p>',
  sentAt: '2026-11-20T10:00:00.000Z',
}
const sms: InboxMessage = {
  ...email,
  id: '2',
  channel: 'sms',
  to: '+919876543210',
  subject: null,
  text: '123456 is your code.<script>',
  html: null,
}

test('an email is framed as it would look, in a sandbox that allows nothing', () => {
  const page = inboxPage([email])
  expect(page).toContain('<iframe sandbox title="Your code &lt;b&gt;"')
  expect(page).toContain(
    'srcdoc="&lt;p style=&quot;color:red&quot;&gt;Your &quot;code&quot; &amp; more&lt;/p&gt;"',
  )
  expect(page).toContain('priya.sharma@example.com')
})

test('an email without HTML shows its text', () => {
  expect(inboxPage([{ ...email, html: null }])).toContain('<pre dir="auto">Your code is 123456.</pre>')
})

test('an SMS is a bubble of its text, escaped', () => {
  const page = inboxPage([sms])
  expect(page).toContain('<p dir="auto">123456 is your code.&lt;script&gt;</p>')
  expect(page).not.toContain('<script')
})

test('the newest message comes first', () => {
  const page = inboxPage([email, sms])
  expect(page.indexOf(sms.to)).toBeLessThan(page.indexOf(email.to))
  expect(page).toContain('2 messages')
})

test('an empty inbox says so', () => {
  expect(inboxPage([])).toContain('Nothing yet')
})

test('the policy lets nothing run, load, be sent or be framed', () => {
  expect(inboxPagePolicy).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
})
