/** Letters of the canary's mailbox, as SES writes them. */
import { describe, expect, it } from 'vitest'
import { letterIn } from '#shared/canary/mail.ts'

/** The code alone. */
const codeIn = (raw: string, of: string) => letterIn(raw, of)?.code

const from = 'From: Latchkey <no-reply@example.com>'
const sender = 'no-reply@example.com'
const letter = (...lines: string[]) => lines.join('\r\n')
const multipart = (coding: string, body: string) =>
  letter(
    'Return-Path: <bounce-123456@amazonses.com>',
    from,
    'Subject: =?UTF-8?Q?Code_654321?=',
    'Content-Type: multipart/alternative;',
    '\tboundary="----=_Part_1_123456.789"',
    '',
    '------=_Part_1_123456.789',
    'Content-Type: text/plain; charset=UTF-8',
    `Content-Transfer-Encoding: ${coding}`,
    '',
    body,
    '------=_Part_1_123456.789',
    'Content-Type: text/html; charset=UTF-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    '<p style="color: #112233">111222</p>',
    '------=_Part_1_123456.789--',
  )

describe('the code in a letter', () => {
  it.each([
    ['7bit', 'Your code is 482915. Never share it.'],
    ['quoted-printable', 'Dein Best=C3=A4tigungscode ist 48=\r\n2915.'],
    ['base64', Buffer.from('رمزك هو 482915').toString('base64')],
  ])('is found in its plain text, written as %s', (coding, body) => {
    expect(codeIn(multipart(coding, body), sender)).toBe('482915')
  })

  it('is found with the reference beside it, which stands in our own letters alone', () => {
    const said = 'Your code is 482915.\r\nReference of this code: K4TW. Type it too, if you are asked for it.'
    expect(letterIn(multipart('7bit', said), sender)).toEqual({ code: '482915', ref: 'K4TW' })
    expect(letterIn(multipart('7bit', 'Your code is 482915.'), sender)).toEqual({ code: '482915' })
  })

  it('is found where the letter has one part, and lines end as they do on disk', () => {
    expect(codeIn([from, 'Content-Type: text/plain', '', 'Code: 012345'].join('\n'), sender)).toBe('012345')
  })

  it('is none in a letter of anybody else, whatever it says of itself further down', () => {
    const forged = letter('From: "no-reply@example.com" <x@example.net>', '', from, '', 'Your code is 482915')
    expect(codeIn(forged, sender)).toBeUndefined()
    expect(codeIn(letter('To: canary@example.org', '', 'Your code is 482915'), sender)).toBeUndefined()
  })

  it('is none behind parts without end, which end no run', () => {
    const within = (inner: string, level: number) =>
      letter(
        `Content-Type: multipart/mixed; boundary="b${level}."`,
        '',
        `--b${level}.`,
        inner,
        `--b${level}.--`,
      )
    const deep = Array.from({ length: 3000 }).reduce<string>(
      (inner, _, level) => within(inner, level),
      'Code: 482915',
    )
    expect(codeIn(letter(from, deep), sender)).toBeUndefined()
    expect(
      codeIn(letter(from, within(letter('Content-Type: text/plain', '', 'Code: 482915'), 0)), sender),
    ).toBe('482915')
  })

  it('is none where six digits do not stand alone', () => {
    expect(codeIn(multipart('7bit', 'Call +4915112345678, ticket 1234567'), sender)).toBeUndefined()
    expect(codeIn('', sender)).toBeUndefined()
  })
})
