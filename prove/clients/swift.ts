/**
 * Swift made of the document by openapi-generator, in the run of `kotlin.ts`. There is no compiler of it here: it is parsed, and
 * read for whether each type asks for just the fields that its schema requires, which is what made replies undecodable.
 */
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Measured, measured } from '../../bench/figures.ts'
import { openApi } from '../../shared/contract/openapi.ts'
import { output, root } from './tools.ts'

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<
    Record<string, { readonly type?: unknown; readonly anyOf?: readonly unknown[] }>
  >
  readonly required?: readonly string[]
}

const made = `${output}/swift/Sources/OpenAPIClient`
const folder = `${made}/Models`
const sample = `${root}prove/clients/samples/SignIn.swift`

/** What the sample uses, each by the file that has to declare it. */
const sampleUses: Readonly<Record<string, readonly string[]>> = {
  'Infrastructure/APIs.swift': [
    'class OpenAPIClientAPIConfiguration',
    'static let shared',
    'var basePath: String',
  ],
  'APIs/SessionsAPI.swift': ['class func login(loginBody: LoginBody, ', '-> LoginOutcomeReply {'],
  'Models/LoginBody.swift': ['init(identifier: String, password: String, '],
  'Models/LoginOutcomeReply.swift': ['var data: LoginOutcome'],
  'Models/LoginOutcome.swift': ['case typeSignedIn(SignedIn)', 'case typeMfaRequired(MfaRequired)'],
  'Models/SignedIn.swift': ['var accessToken: String'],
  'Models/MfaRequired.swift': ['var challengeId: String'],
}

/** What is used of the parser, which only this proof installs. */
interface Parser {
  setLanguage(language: unknown): void
  parse(read: (at: number) => string): { readonly rootNode: { readonly hasError: boolean } }
}
function swiftParser(): Parser {
  const installed = createRequire(`${root}prove/clients/`)
  const parser = new (installed('tree-sitter') as new () => Parser)()
  parser.setLanguage(installed('tree-sitter-swift'))
  return parser
}

/** The parser takes no more at once. */
const piece = 4096
/** Of what a function throws, the grammar knows that it throws. */
const typedThrows = /\bthrows\(\w+\)/g

/** @returns those of the files whose text is no Swift */
async function unparsed(files: readonly string[]): Promise<string[]> {
  const parser = swiftParser()
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return files.filter((_, index) => {
    const text = (texts[index] ?? '').replace(typedThrows, 'throws')
    return parser.parse((at) => text.slice(at, at + piece)).rootNode.hasError
  })
}

/** Of what the sample uses, what nothing declares. */
async function undeclared(): Promise<string[]> {
  const missing = Object.entries(sampleUses).map(async ([file, uses]) => {
    const text = await readFile(`${made}/${file}`, 'utf8').catch(() => '')
    return uses.filter((use) => !text.includes(use)).map((use) => `${file}: ${use}`)
  })
  return (await Promise.all(missing)).flat()
}

/** The generator's own part, which no document changes, has `#if`, and the grammar takes no half of a statement. */
async function* parsed(report: (line: string) => void): AsyncGenerator<Measured> {
  const files = await Promise.all(
    ['APIs', 'Models'].map(async (part) => {
      const names = await readdir(`${made}/${part}`).catch(() => [])
      return names.map((name) => `${made}/${part}/${name}`)
    }),
  )
  const bad = await unparsed([...files.flat(), sample])
  const unknown = await undeclared()
  for (const line of [...bad, ...unknown]) report(line)
  yield measured('clients.swift.files', files.flat().length, '', { least: 50 })
  yield measured('clients.swift.unparsed', bad.length, '', { most: 0 })
  yield measured('clients.swift.sample_lacks', unknown.length, '', { most: 0 })
}

/** `public var name: Type` that no `?` ends: what a decoder fails without. */
const askedFor = (text: string): string[] =>
  [...text.matchAll(/^ {4}public (?:private\(set\) )?(?:var|let) `?(\w+)`?: ([^={\n]+)/gm)]
    // What is left over is gathered there, and may be nothing.
    .filter(([, name, type = '']) => name !== 'additionalProperties' && !type.trim().endsWith('?'))
    .map(([, name = '']) => name)

const isNullable = ({ type, anyOf = [] }: { readonly type?: unknown; readonly anyOf?: readonly unknown[] }) =>
  (Array.isArray(type) && type.includes('null')) || JSON.stringify(anyOf).includes('"type":"null"')

export async function* swift(report: (line: string) => void): AsyncGenerator<Measured> {
  const { components } = openApi() as { components: { schemas: Readonly<Record<string, Schema>> } }
  yield* parsed(report)
  const models = await readdir(folder).catch(() => [])
  let compared = 0
  let differing = 0
  for (const [name, { type, properties = {}, required = [] }] of Object.entries(components.schemas)) {
    if (type !== 'object' || Object.keys(properties).length === 0) continue
    const file = models.find((each) => each === `${name}.swift`)
    const text = file === undefined ? '' : await readFile(`${folder}/${file}`, 'utf8')
    const meant = required.filter((field) => !isNullable(properties[field] ?? {})).toSorted()
    const found = askedFor(text).toSorted()
    compared += 1
    if (JSON.stringify(meant) === JSON.stringify(found)) continue
    differing += 1
    report(`${name}.swift asks for ${found.join(', ')}; the schema for ${meant.join(', ')}`)
  }
  const texts = await Promise.all(models.map((file) => readFile(`${folder}/${file}`, 'utf8')))
  const uncompilable = texts.filter((text) => /\benum \w+: Bool\b/.test(text)).length
  yield measured('clients.swift.enums_of_bool', uncompilable, 'which Swift has not', { most: 0 })
  yield measured('clients.swift.types', compared, '', { least: 50 })
  yield measured('clients.swift.differing', differing, '', { most: 0 })
}
