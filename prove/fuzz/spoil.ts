/** Ways to spoil a body: each is sent as text, so that JSON no serialiser would write is among them. */
import fc, { type Arbitrary } from 'fast-check'

type Body = Readonly<Record<string, unknown>>

const wrongValues = fc.constantFrom<unknown>(null, 0, 1e308, -1, true, {}, [], ['x'], [[]], { $ne: '' })
const strangeNames = fc.oneof(
  fc.constantFrom(
    'constructor',
    'toString',
    'hasOwnProperty',
    '$where',
    '',
    ' email',
    'Email',
    'admin',
    'email.x',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((name) => name.toWellFormed()),
  fc.constant('k'.repeat(3000)),
)
/** What is put into a string, as JSON text may write it. */
const intruders = fc.constantFrom(
  '\\u0000',
  '\\n',
  '\\u0085',
  '\\ud800',
  '\\udc00\\ud800',
  '\\u001b[2J',
  '\\u007f',
  'x'.repeat(1100),
  '\\u202e'.repeat(300),
  '\\r\\nBcc: a@example.com',
)
const lookalikes = fc.constantFrom(
  '١٢٣٤٥٦',
  '１２３４５６',
  '12345６',
  ' 12345',
  '12345',
  '1234567',
  '1e5',
  '0x1234',
  '-12345',
)

const textOf = (body: Body) => JSON.stringify(body)
/** The body's text with one member's value written as it is given. */
const withRaw = (body: Body, name: string, raw: string) =>
  `{${Object.entries({ ...body, [name]: undefined })
    .map(([key, value]) => `${JSON.stringify(key)}:${key === name ? raw : JSON.stringify(value)}`)
    .join(',')}}`

function intruded(body: Body, name: string, intruder: string, at: number): string {
  const value = body[name]
  const own = JSON.stringify(typeof value === 'string' ? value : '').slice(1, -1)
  const place = /[\\]/.test(own) ? 0 : at % (own.length + 1)
  return withRaw(body, name, `"${own.slice(0, place)}${intruder}${own.slice(place)}"`)
}

/** Of one member: gone, of another type, doubled, with something in it that may not be there. */
function spoiltMember(body: Body): Arbitrary<string> {
  const names = Object.keys(body)
  if (names.length === 0) return fc.constant('[]')
  const name = fc.constantFrom(...names)
  return fc.oneof(
    name.map((key) => textOf({ ...body, [key]: undefined })),
    fc.tuple(name, wrongValues).map(([key, value]) => textOf({ ...body, [key]: value })),
    name.map((key) => textOf({ ...body, [key]: [body[key]] })),
    name.map((key) => textOf({ ...body, [key]: { value: body[key] } })),
    fc.tuple(name, lookalikes).map(([key, value]) => textOf({ ...body, [key]: value })),
    fc.tuple(name, intruders, fc.nat(80)).map(([key, value, at]) => intruded(body, key, value, at)),
    // A number where digits in quotes are meant.
    name.map((key) => withRaw(body, key, /^[0-9]+$/.test(String(body[key])) ? `1${String(body[key])}` : '7')),
    // Of two members with one name the last counts, in this parser as in most.
    fc.tuple(name, wrongValues).map(([key, value]) => {
      return `${textOf(body).slice(0, -1)},${JSON.stringify(key)}:${JSON.stringify(value)}}`
    }),
  )
}

const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)

/** Of the whole: no object, more than one, cut, deep, with what JSON does not know. */
function spoiltWhole(body: Body): Arbitrary<string> {
  const text = textOf(body)
  const inner = text.slice(1, -1)
  const more = inner === '' ? '' : `,${inner}`
  return fc.oneof(
    fc.tuple(strangeNames, wrongValues).map(([key, value]) => textOf({ ...body, [key]: value })),
    fc.constantFrom(
      `{"__proto__":{"admin":true}${more}}`,
      `{"constructor":{"prototype":{"admin":true}}${more}}`,
      `[${text}]`,
      `${text}${text}`,
      `\ufeff${text}`,
      `${text},`,
      `/* c */${text}`,
      text.replaceAll('"', "'"),
      `${text}\u0000`,
      `{"a":NaN${more}}`,
      `{"a":1e999${more}}`,
      `{"a":${nested(2000, '[', ']')}${more}}`,
      nested(5000, '[', ']'),
      `{"a":${nested(1500, '{"a":', '}').replace('{"a":}', '{"a":1}')}${more}}`,
      'null',
      '"x"',
      '7',
      '',
    ),
    fc.nat(Math.max(0, text.length - 1)).map((length) => text.slice(0, length)),
    // Around the limit of 10 KB, where one byte decides.
    fc
      .integer({ min: 10_230, max: 10_260 })
      .map((size) => textOf({ ...body, pad: 'p'.repeat(Math.max(0, size - text.length - 9)) })),
    fc.constant(`${text}${' '.repeat(20_000)}`),
    fc.json(),
  )
}

export const spoilt = (body: Body): Arbitrary<string> => fc.oneof(spoiltMember(body), spoiltWhole(body))

/** Bytes that are no UTF-8, or another encoding of the right text. */
export const wrongBytes = (text: string): Arbitrary<Uint8Array> =>
  fc.constantFrom<Uint8Array>(
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    Buffer.from(text, 'utf16le'),
    Buffer.concat([Buffer.from([0xc0, 0xae]), Buffer.from(text)]),
    Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('}')]),
    Buffer.from(Buffer.from(text).toString('base64')),
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    Buffer.from(encodeURIComponent(text)),
  )
