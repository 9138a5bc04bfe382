import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressBack, readReturnTo, returnAddress } from '#shared/domain/return-to.ts'

const first = 'https://acme.test/'
const list = [
  first,
  'https://shop.acme.test/app',
  'https://shop.acme.test:8443/up/',
  'https://xn--bcher-kva.test/',
]
const back = (asked: string | null) => addressBack(asked, list)

describe('the way back', () => {
  it('is the first of the list where none is asked for, and none where none is listed', () => {
    for (const asked of [null, '']) {
      expect(back(asked)).toBe(first)
      expect(addressBack(asked, [])).toBeUndefined()
    }
    expect(addressBack('https://acme.test/', [])).toBeUndefined()
  })

  it.each([
    ['https://shop.acme.test/app', 'https://shop.acme.test/app'],
    ['https://shop.acme.test/app/', 'https://shop.acme.test/app/'],
    ['https://shop.acme.test/app/orders/7?page=2#top', 'https://shop.acme.test/app/orders/7?page=2#top'],
    ['https://shop.acme.test/app?x=https://evil.test', 'https://shop.acme.test/app?x=https://evil.test'],
    ['https://shop.acme.test/app#a@b\u00e9', 'https://shop.acme.test/app#a@b%C3%A9'],
    ['HTTPS://Shop.ACME.test/app', 'https://shop.acme.test/app'],
    ['https://shop.acme.test:443/app', 'https://shop.acme.test/app'],
    ['https://shop.acme.test/other/../app/x', 'https://shop.acme.test/app/x'],
    ['https://shop.acme.test/app/./x', 'https://shop.acme.test/app/x'],
    ['https://shop.acme.test:8443/up/x', 'https://shop.acme.test:8443/up/x'],
    ['https://b\u00fccher.test/x', 'https://xn--bcher-kva.test/x'],
    ['https://xn--bcher-kva.test/x', 'https://xn--bcher-kva.test/x'],
    ['https://acme.test/any/path@here', 'https://acme.test/any/path@here'],
  ])('%s is followed, as a browser writes it', (asked, followed) => {
    expect(back(asked)).toBe(followed)
  })

  it.each([
    // Another origin.
    'https://evil.test/app',
    'https://shop.acme.test.evil.test/app',
    'https://evilshop.acme.test/app',
    'https://shop.acme.test./app',
    'https://shop.acme.test:444/app',
    'https://shop.acme.test:80/app',
    'http://shop.acme.test/app',
    'http://shop.acme.test:443/app',
    'https://b\u0443cher.test/x',
    'https://b\u00fccher.test:8443/x',
    'https://shop.acme.t\u0435st/app',
    // Another path.
    'https://shop.acme.test/',
    'https://shop.acme.test/apple',
    'https://shop.acme.test/app.evil',
    'https://shop.acme.test/App',
    'https://shop.acme.test/app/..',
    'https://shop.acme.test/app/../admin',
    'https://shop.acme.test/app/%2e%2e/admin',
    'https://shop.acme.test/app/.%2E/admin',
    'https://shop.acme.test//app',
    'https://shop.acme.test:8443/up',
    'https://shop.acme.test:8443/upper',
    // Ways that some servers see where browsers see none.
    'https://shop.acme.test/app/..%2fadmin',
    'https://shop.acme.test/app/..%5cadmin',
    'https://shop.acme.test/app/%252e%252e/admin',
    'https://shop.acme.test/app%2f..%2fadmin',
    'https://shop.acme.test/app/..;/admin',
    'https://shop.acme.test/app/..;x=1/admin',
    // A sign-in, or what looks like one.
    'https://shop.acme.test@evil.test/app',
    'https://shop.acme.test:443@evil.test/app',
    'https://user:secret@shop.acme.test/app',
    'https://@shop.acme.test/app',
    'https://evil.test#@shop.acme.test/app',
    'https://evil.test?@shop.acme.test/app',
    // What browsers mend.
    'https://shop.acme.test\\@evil.test/app',
    'https:\\\\shop.acme.test\\app',
    'https://evil.test\\.shop.acme.test/app',
    'https://shop.acme.test/app\\..\\admin',
    'https:shop.acme.test/app',
    'https:/shop.acme.test/app',
    'https:///shop.acme.test/app',
    ' https://shop.acme.test/app',
    'https://shop.acme.test/app ',
    'https://shop.acme.test/a\tpp',
    'ht\ntps://shop.acme.test/app',
    'https://shop.acme.test/app\u0000',
    'https://shop.acme.test/app\u200b',
    'https://shop.acme.test/app\u202e',
    // No address of a page.
    'https://shop.acme.test/app/..%3b/x',
    'javascript:alert(1)',
    'javascript://shop.acme.test/app%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://shop.acme.test/app',
    'blob:https://acme.test/0b8b8e4c-6a2f-4c3b-9f0a-5d9e7a1c2b3d',
    'filesystem:https://shop.acme.test/app',
    'view-source:https://shop.acme.test/app',
    'ftp://shop.acme.test/app',
    'wss://shop.acme.test/app',
    '//shop.acme.test/app',
    '//evil.test/app',
    '/app',
    '/\\evil.test',
    'app',
    'shop.acme.test/app',
    'https://',
    'https://[::1',
    'https://shop.acme.test:99999/app',
    `https://shop.acme.test/app/${'x'.repeat(2000)}`,
  ])('%j is not followed', (asked) => {
    expect(back(asked)).toBe(first)
  })

  const pieces = fc.constantFrom(
    ...[
      'https:',
      'http:',
      'javascript:',
      'blob:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      ':443',
      '.',
      '..',
      ';',
      '%2e',
      '%2f',
    ],
    ...[
      '%5c',
      '%25',
      '?',
      '#',
      '\t',
      '\n',
      '\u0000',
      ' ',
      'shop.acme.test',
      'acme.test',
      'evil.test',
      'app',
      'apple',
    ],
    ...['up', 'user', '[::1]', '\uff0f', '\u3002', '\u00ad', 'x', '*'],
  )
  const shapes = [
    fc.string({ unit: 'grapheme' }),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.array(pieces, { maxLength: 8 }).map((parts) => `https://shop.acme.test/app${parts.join('')}`),
    fc.array(pieces, { maxLength: 8 }).map((parts) => `https://shop.acme.test${parts.join('')}/app`),
  ]

  it.each(shapes)('never leaves the list, whatever is asked for (%#)', (asked) => {
    fc.assert(
      fc.property(asked, (text) => {
        const url = new URL(back(text) ?? '')
        expect([...list.map((entry) => new URL(entry).origin)]).toContain(url.origin)
        expect([url.protocol, url.username, url.password]).toEqual(['https:', '', ''])
        if (url.host === 'shop.acme.test') expect(url.pathname).toMatch(/^\/app(\/|$)/)
        if (url.host === 'shop.acme.test:8443') expect(url.pathname).toMatch(/^\/up\//)
        expect(url.pathname).not.toMatch(/%2e|%2f|%5c|%25|\/\.\.?(;|\/|$)/i)
        // A browser that reads it again reads the same.
        expect(url.href).toBe(back(text))
      }),
      { numRuns: 500 },
    )
  })

  it('follows whatever is below an entry', () => {
    const plain = fc.webPath().filter((path) => !/%|\/\.\.?(\/|$)|;/.test(path))
    fc.assert(
      fc.property(fc.tuple(plain, fc.webQueryParameters(), fc.webFragments()), ([path, query, fragment]) => {
        const asked = `https://shop.acme.test/app/${path}?${query}#${fragment}`
        expect(back(asked)).toBe(new URL(asked).href)
      }),
      { numRuns: 50 },
    )
  })
})

it('an address of 2000 characters is followed, and a longer one is not', () => {
  const address = (length: number) => 'https://shop.acme.test/app/'.padEnd(length, 'x')
  expect(back(address(2000))).toBe(address(2000))
  expect(back(address(2001))).toBe(first)
})

describe('an entry of the list', () => {
  it.each([
    ['https://acme.test', 'https://acme.test/'],
    ['https://ACME.test/App', 'https://acme.test/App'],
    ['https://acme.test:443/', 'https://acme.test/'],
    ['https://b\u00fccher.test/a', 'https://xn--bcher-kva.test/a'],
  ])('%s is kept as browsers write it', (text, address) => {
    expect(returnAddress(text)).toBe(address)
    expect(returnAddress(address)).toBe(address)
  })

  it.each([
    'http://acme.test/',
    'http://localhost:5173/',
    'https://acme.test/?next=1',
    'https://acme.test/?',
    'https://acme.test/#a',
    'https://user@acme.test/',
    'https://*.acme.test/',
    'https://acme.test/a%2fb',
    'https://acme.test\\a',
    'acme.test',
    'javascript:alert(1)',
    '',
  ])('%j is none', (text) => {
    expect(returnAddress(text)).toBeUndefined()
  })

  it.each([
    ['http://localhost:5173/shop', true],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]:8080', true],
    ['https://acme.test/', true],
    ['http://acme.test/', false],
    ['http://localhost.evil.test/', false],
    ['http://127.0.0.1.evil.test/', false],
    ['javascript://localhost/', false],
  ])('%s on one machine: %s', (text, isOne) => {
    expect(returnAddress(text, true) !== undefined).toBe(isOne)
  })

  it('stands in a comma list, whose first wrong entry is named with its setting', () => {
    expect(readReturnTo('', 'RETURN_TO')).toEqual([])
    expect(readReturnTo('https://a.test, https://b.test/x,', 'RETURN_TO')).toEqual([
      'https://a.test/',
      'https://b.test/x',
    ])
    expect(() => readReturnTo('https://a.test,http://b.test', 'RETURN_TO')).toThrow(
      'RETURN_TO has "http://b.test", and each entry must be an https address without sign-in',
    )
  })

  it('is on this machine in a list that is said to be of one machine, and in no other', () => {
    expect(readReturnTo('http://localhost:5173', 'RETURN_TO', true)).toEqual(['http://localhost:5173/'])
    expect(() => readReturnTo('http://localhost:5173', 'RETURN_TO')).toThrow('RETURN_TO has')
  })
})
