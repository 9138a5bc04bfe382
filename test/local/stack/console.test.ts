/** What `npm start` shows of requests, messages and the functions' log. */
import { globSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { logLine, messageLine, requestLine, takeConsole } from '#local/console.ts'
import type { GatewayResponse } from '#local/gateway/message.ts'
import type { InboxMessage } from '#local/services/inbox.ts'

const json = { 'Content-Type': 'application/json; charset=utf-8' }

function lineOf(target: string, response: Partial<GatewayResponse> = {}, method = 'POST') {
  const request = { method, target, headers: [], body: Buffer.alloc(0), sourceIp: '127.0.0.1' }
  return requestLine({ request, response: { status: 200, headers: json, body: '{}', ...response }, ms: 12.4 })
}

describe('a request', () => {
  test('is its method, path, status, code and time', () => {
    expect(lineOf('/api/auth/login')).toBe('POST /api/auth/login 200 12 ms')
    const body = JSON.stringify({ success: false, error: { code: 'RATE_LIMITED', message: 'No.' } })
    expect(lineOf('/api/auth/login', { status: 429, body })).toBe(
      'POST /api/auth/login 429 RATE_LIMITED 12 ms',
    )
  })

  test.each([
    ['/a?email=priya@example.com', 'POST /a 200 12 ms'],
    ['/\u001b[2J\u009b31m\u202eevil\r\nready http://x', 'POST / [2J 31m evil ready http://x 200 12 ms'],
    [`/${'a'.repeat(5000)}`, `POST /${'a'.repeat(119)}... 200 12 ms`],
  ])('%j is one short line that moves no cursor, without its query', (target, line) => {
    expect(lineOf(target)).toBe(line)
  })

  test.each([
    ['GET', '/_local/messages?to=a', json, false],
    ['GET', '/_local', { 'Content-Type': 'text/html; charset=utf-8' }, false],
    ['POST', '/_local/clock', json, true],
    ['GET', '/assets/app-1234.js', { 'Content-Type': 'text/javascript; charset=utf-8' }, false],
    ['GET', '/forgot-password', { 'Content-Type': 'text/html; charset=utf-8' }, true],
    ['GET', '/_localhost', json, true],
    ['OPTIONS', '/api/auth/login', {}, true],
  ])('%s %s has a line, or is one of what pages ask by the dozen', (method, target, headers, has) => {
    expect(lineOf(target, { headers }, method) !== undefined).toBe(has)
  })

  test.each(['not JSON', '{}', 'null', '{"error":"a sentence"}'])(
    'that fails with %s has no code',
    (body) => {
      expect(lineOf('/x', { status: 500, body })).toBe('POST /x 500 12 ms')
    },
  )
})

describe('a message', () => {
  const email: InboxMessage = {
    id: 'm-1',
    channel: 'email',
    to: 'priya.sharma@example.com',
    subject: 'Latchkey: your password reset code',
    text: 'Use this code: 482917\n\nReference K7QX.',
    html: null,
    sentAt: '2026-11-26T12:00:00.000Z',
  }
  const sms = (text: string): InboxMessage => ({
    ...email,
    channel: 'sms',
    to: '+919876543210',
    subject: null,
    text,
  })

  test('with a code is where it went and the code, without its reference', () => {
    expect(messageLine(email)).toBe(
      'email to priya.sharma@example.com, code 482917, Latchkey: your password reset code',
    )
    expect(messageLine(sms('482917 is your code (ref K7QX). Valid for 5 minutes.'))).toBe(
      'sms to +919876543210, code 482917',
    )
  })

  test('with a link shows no token, not even one in which six digits stand alone', () => {
    const text = 'Your password was changed. Not you? Stop it here: https://a.example/not-me#ab-123456-cd'
    expect(messageLine(sms(text))).toBe(
      'sms to +919876543210, Your password was changed. Not you? Stop it here:',
    )
    expect(messageLine({ ...email, subject: 'Changed', text })).toBe(
      'email to priya.sharma@example.com, Changed',
    )
  })

  test('of two lines is one, and moves no cursor', () => {
    expect(messageLine({ ...email, subject: 'a\u001b[2J\nready http://x', text: '' })).toBe(
      'email to priya.sharma@example.com, a [2J ready http://x',
    )
  })
})

describe('the log', () => {
  const log = (level: string, fields: object = {}) =>
    JSON.stringify({ level, message: 'failed', timestamp: 't', service: 'latchkey', ...fields })

  test('shows errors as one line of their own fields, and nothing of what went well', () => {
    expect(logLine(log('ERROR', { step: 'login', requestId: 'r', error: 'Unavailable' }))).toBe(
      'failed: step=login error=Unavailable',
    )
    expect(logLine(log('INFO'))).toBeUndefined()
  })

  test('that is cut in half is shown as it is: no function fails because of it', () => {
    expect(logLine('{"level":"ERROR"')).toBe('{"level":"ERROR":')
  })
})

describe('stdout and stderr', () => {
  const streams = [process.stdout, process.stderr]
  const before = streams.map(({ write }) => write)
  afterEach(() => {
    for (const [index, stream] of streams.entries()) stream.write = before[index] as typeof stream.write
  })

  /** @returns what each took, while `run` wrote */
  function written(asJson: boolean, run: (taken: ReturnType<typeof takeConsole>) => void) {
    const [out, err] = streams.map((stream) => {
      const write = vi.fn<(chunk: unknown) => boolean>(() => true)
      stream.write = write as never
      return write
    })
    run(takeConsole(asJson))
    return [out, err].map((write) => write?.mock.calls.map(([chunk]) => String(chunk)).join(''))
  }

  const error = '{"level":"ERROR","message":"failed","step":"login"}\n'
  const info = '{"level":"INFO","message":"request"}\n'

  test('the command alone writes to stdout; a log becomes lines, and a sentence stays one', () => {
    const [out, err] = written(false, ({ say }) => {
      process.stdout.write(info)
      process.stdout.write('a sentence\n')
      process.stderr.write(error)
      say('one', 'ready http://127.0.0.1:1')
    })
    expect(out).toBe('one\nready http://127.0.0.1:1\n')
    expect(err).toMatch(/^a sentence\n\d\d:\d\d:\d\d failed: step=login\n$/)
  })

  test('as JSON the log goes through unchanged, and nobody is told of requests and messages', () => {
    const [, err] = written(true, ({ watchers }) => {
      expect(watchers).toEqual({})
      process.stdout.write(info)
      process.stderr.write(error)
    })
    expect(err).toBe(info + error)
  })
})

test('no code that is deployed knows of the variables of the local stack', () => {
  const root = new URL('../../../', import.meta.url)
  const files = globSync(['shared/**/*.ts', 'functions/**/*.ts'], { cwd: root })
  expect(files.length).toBeGreaterThan(100)
  const knowing = files.filter((file) => /LATCHKEY_|#local\//.test(readFileSync(new URL(file, root), 'utf8')))
  expect(knowing).toEqual([])
})
