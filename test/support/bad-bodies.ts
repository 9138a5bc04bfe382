/** Bodies that no route may take, made from one that is right. */
import type { Code } from '#shared/contract/codes.ts'

export type Good = Readonly<Record<string, string>>

export interface BadBody {
  readonly what: string
  readonly body: unknown
  readonly code: Code
  readonly headers?: Readonly<Record<string, string>>
}

const wrongTypes: readonly unknown[] = [null, 1, true, {}, [], ['x']]

const spoiltFields = (good: Good): BadBody[] =>
  Object.entries(good).flatMap(([name, value]) => [
    ...wrongTypes.map((wrong) => ({
      what: `${name} is ${JSON.stringify(wrong)}`,
      body: { ...good, [name]: wrong },
      code: 'VALIDATION_FAILED' as const,
    })),
    { what: `${name} is an array of it`, body: { ...good, [name]: [value] }, code: 'VALIDATION_FAILED' },
    { what: `${name} holds a NUL`, body: { ...good, [name]: `${value}\u0000` }, code: 'VALIDATION_FAILED' },
    {
      what: `${name} holds a line break`,
      body: { ...good, [name]: `${value}\n` },
      code: 'VALIDATION_FAILED',
    },
    {
      what: `${name} holds a C1 control`,
      body: { ...good, [name]: `${value}\u0085` },
      code: 'VALIDATION_FAILED',
    },
    {
      what: `${name} has 2,000 characters`,
      body: { ...good, [name]: 'a'.repeat(2000) },
      code: 'VALIDATION_FAILED',
    },
    {
      what: `${name} holds half a surrogate pair`,
      body: { ...good, [name]: `${value}\ud800` },
      code: 'VALIDATION_FAILED',
    },
    { what: `${name} is missing`, body: { ...good, [name]: undefined }, code: 'VALIDATION_FAILED' },
  ])

/** @param good a body that the route would take */
export function badBodies(good: Good): readonly BadBody[] {
  const text = JSON.stringify(good)
  const plain = { 'content-type': 'text/plain' }
  return [
    ...spoiltFields(good),
    { what: 'an unknown key', body: { ...good, extra: 'x' }, code: 'VALIDATION_FAILED' },
    {
      what: 'a key of the prototype',
      body: text.replace('{', '{"__proto__":{"a":1},'),
      code: 'VALIDATION_FAILED',
    },
    { what: 'a wrong flowId', body: { ...good, flowId: 7 }, code: 'VALIDATION_FAILED' },
    { what: 'an overlong flowId', body: { ...good, flowId: 'f'.repeat(65) }, code: 'VALIDATION_FAILED' },
    { what: 'an array', body: [good], code: 'VALIDATION_FAILED' },
    { what: 'null', body: 'null', code: 'VALIDATION_FAILED' },
    { what: 'a string', body: '"x"', code: 'VALIDATION_FAILED' },
    { what: 'an empty object', body: {}, code: 'VALIDATION_FAILED' },
    { what: 'cut JSON', body: text.slice(0, -1), code: 'MALFORMED_JSON' },
    { what: 'two JSON values', body: `${text}${text}`, code: 'MALFORMED_JSON' },
    { what: 'no JSON', body: 'a=b', code: 'MALFORMED_JSON' },
    { what: 'nothing', body: '', code: 'MALFORMED_JSON' },
    { what: 'more than 10 KB', body: `${text}${' '.repeat(10_241)}`, code: 'BODY_TOO_LARGE' },
    { what: 'text/plain', body: text, headers: plain, code: 'UNSUPPORTED_MEDIA_TYPE' },
    {
      what: 'a form',
      body: text,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      code: 'UNSUPPORTED_MEDIA_TYPE',
    },
  ]
}
