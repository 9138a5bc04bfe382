/**
 * Swift made of the document by openapi-generator, in the run of `kotlin.ts`. There is no compiler of it here: what is read
 * is whether each type asks for just the fields that its schema requires, which is what made replies undecodable.
 */
import { readdir, readFile } from 'node:fs/promises'
import { type Measured, measured } from '../../bench/figures.ts'
import { openApi } from '../../shared/contract/openapi.ts'
import { output } from './tools.ts'

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<
    Record<string, { readonly type?: unknown; readonly anyOf?: readonly unknown[] }>
  >
  readonly required?: readonly string[]
}

const folder = `${output}/swift/Sources/OpenAPIClient/Models`

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
  const made = await readdir(folder).catch(() => [])
  let compared = 0
  let differing = 0
  for (const [name, { type, properties = {}, required = [] }] of Object.entries(components.schemas)) {
    if (type !== 'object' || Object.keys(properties).length === 0) continue
    const file = made.find((each) => each === `${name}.swift`)
    const text = file === undefined ? '' : await readFile(`${folder}/${file}`, 'utf8')
    const meant = required.filter((field) => !isNullable(properties[field] ?? {})).toSorted()
    const found = askedFor(text).toSorted()
    compared += 1
    if (JSON.stringify(meant) === JSON.stringify(found)) continue
    differing += 1
    report(`${name}.swift asks for ${found.join(', ')}; the schema for ${meant.join(', ')}`)
  }
  const texts = await Promise.all(made.map((file) => readFile(`${folder}/${file}`, 'utf8')))
  const uncompilable = texts.filter((text) => /\benum \w+: Bool\b/.test(text)).length
  yield measured('clients.swift.enums_of_bool', uncompilable, 'which Swift has not', { most: 0 })
  yield measured('clients.swift.types', compared, '', { least: 50 })
  yield measured('clients.swift.differing', differing, '', { most: 0 })
}
