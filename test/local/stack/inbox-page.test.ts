import { expect, test } from 'vitest'
import { developerPolicy } from '#local/pages/developer.ts'
import { type InboxFilter, inboxPage } from '#local/pages/inbox.ts'
import type { InboxMessage } from '#local/services/inbox.ts'

const all: InboxFilter = { search: '', channel: '' }
const email: InboxMessage = {
  id: '1',
  channel: 'email',
  to: 'priya.sharma@example.com',
  subject: 'Your code <b>',
  text: 'Your code is 123456.',
  html: '<head></head><p style="color:red">Your "code" & more</p>',
  sentAt: '2026-11-20T10:00:00.000Z',
}
const sms: InboxMessage = {
  ...email,
  id: '2',
  channel: 'sms',
  to: '+919876543210',
  subject: null,
  text: '654321 is your code.<script>',
  html: null,
}

test('an email is framed as it would look, in a sandbox that runs and sends nothing, and its links leave the frame', () => {
  const page = inboxPage([email], all)
  const sandbox =
    /<details open><summary>HTML<\/summary><iframe sandbox="([^"]*)" title="Your code &lt;b&gt;"/
      .exec(page)?.[1]
      ?.split(' ')
  expect(sandbox).toEqual(['allow-same-origin', 'allow-popups', 'allow-popups-to-escape-sandbox'])
  expect(page).toContain('&lt;base target=&quot;_blank&quot;&gt;')
  expect(page).toContain('&lt;p style=&quot;color:red&quot;&gt;Your &quot;code&quot; &amp; more&lt;/p&gt;')
  expect(page).toContain('priya.sharma@example.com')
})

test('an email can be read as plain text too, and without HTML is that alone', () => {
  const text = '<pre dir="auto">Your code is 123456.</pre>'
  expect(inboxPage([email], all)).toContain(`<summary>Plain text</summary>${text}`)
  const plain = inboxPage([{ ...email, html: null }], all)
  expect(plain).toContain(text)
  expect(plain).not.toContain('<iframe')
})

test('an SMS is a bubble of its text, escaped', () => {
  const page = inboxPage([sms], all)
  expect(page).toContain('<p dir="auto">654321 is your code.&lt;script&gt;</p>')
  expect(page.match(/<script/g)).toHaveLength(1)
})

test('each code can be copied; digits of a phone or a longer number are none', () => {
  const page = inboxPage([email, sms, { ...sms, id: '3', text: 'Call +919876543210, case 12345678.' }], all)
  expect([...page.matchAll(/data-copy="(\d+)"/g)].map(([, code]) => code)).toEqual(['654321', '123456'])
})

test('the newest three mails are open, older ones are a press away, and what is far down is found by searching', () => {
  const many = Array.from({ length: 120 }, (_, index) => ({
    ...email,
    id: String(index),
    text: `Mail ${index}.`,
  }))
  const page = inboxPage(many, all)
  expect(page.match(/<details open>/g)).toHaveLength(3)
  expect(page.match(/<iframe [^>]*loading="lazy"/g)).toHaveLength(97)
  expect(page).toContain(
    '100 of 120 messages, newest first. New ones appear by themselves. Older ones are found by searching.',
  )
  expect(page).not.toContain('Mail 19.')
  expect(inboxPage(many, { ...all, search: 'mail 19.' })).toContain('Mail 19.')
})

test('the newest message comes first', () => {
  const page = inboxPage([email, sms], all)
  expect(page.indexOf('SMS to')).toBeLessThan(page.indexOf('Email to'))
  expect(page).toContain('2 messages')
  expect(page).toContain('data-newest="2"')
})

test.each<[string, Partial<InboxFilter>, string[]]>([
  ['an address, in any case', { search: 'PRIYA' }, ['Email to']],
  ['a text', { search: '654321' }, ['SMS to']],
  ['a subject', { search: 'code <b>' }, ['Email to']],
  ['a kind', { channel: 'sms' }, ['SMS to']],
  ['both', { channel: 'sms', search: 'priya' }, []],
])('messages are found by %s', (_what, filter, found) => {
  const page = inboxPage([email, sms], { ...all, ...filter })
  expect([...page.matchAll(/(?:Email|SMS) to(?= <a)/g)].map(([kind]) => kind)).toEqual(found)
  expect(page.includes('No message is like that')).toBe(found.length === 0)
})

test('an empty inbox says what to do', () => {
  expect(inboxPage([], all)).toContain('Nothing was sent yet. Ask for a code')
})

test('the policy lets nothing but the stack’s own script run, and nothing be fetched from or framed by others', () => {
  const policy = new Map(
    developerPolicy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)]),
  )
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('script-src')).toEqual(["'self'"])
  expect(policy.get('connect-src')).toEqual(["'self'"])
  expect(policy.get('frame-ancestors')).toEqual(["'none'"])
  expect(
    [...policy.values()].flat().filter((source) => source.includes('*') || source.includes('http')),
  ).toEqual([])
})
