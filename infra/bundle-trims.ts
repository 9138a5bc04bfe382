/** What a dependency carries and no function uses is left out of the bundles. Each trim keeps what the code can observe. */
import { readFileSync } from 'node:fs'
import type * as esbuild from 'esbuild'
import { bindingOf, type NativeModule, type Processor } from './processors.ts'

/** By position in a numbering plan (libphonenumber-js metadata, version 4): prefix for calling abroad, and national styles. */
const unusedParts: ReadonlySet<number> = new Set([1, 4])

type Plans = Readonly<Record<string, unknown[]>>
interface PhoneMetadata {
  readonly version: number
  readonly countries: Plans
  readonly nonGeographic: Plans
}

const trimmedPlans = (plans: Plans): Plans =>
  Object.fromEntries(
    Object.entries(plans).map(([key, plan]) => [
      key,
      plan.map((part, index) => (unusedParts.has(index) ? 0 : part)),
    ]),
  )

/** Numbers come in E.164 and are never written in national style: the patterns for that are most of the metadata. */
export function withoutFormats(metadata: PhoneMetadata): PhoneMetadata {
  if (metadata.version !== 4) throw new Error(`Unknown version of phone metadata: ${metadata.version}`)
  const { countries, nonGeographic } = metadata
  return { ...metadata, countries: trimmedPlans(countries), nonGeographic: trimmedPlans(nonGeographic) }
}

const classPattern = /export class (\w+) extends __BaseException \{\n([\s\S]*?)\n\}/g

/** An error class of the SDK as a call: fifty of them, alike but for a few words, are a tenth of a client. */
function compactClass(name: string, body: string): string | undefined {
  const shapeId = /static shapeId = ("[^"]+");/.exec(body)?.[1]
  const fault = /\$fault: ("client"|"server"),/.exec(body)?.[1]
  const fields = [...body.matchAll(/this\.(\w+) = opts\.\1;/g)].map((match) => match[1])
  const usual = new Set([
    `static shapeId = ${shapeId};`,
    `name = "${name}";`,
    `$fault = ${fault};`,
    'constructor(opts) {',
    'super({',
    `name: "${name}",`,
    `$fault: ${fault},`,
    '...opts,',
    '});',
    `Object.setPrototypeOf(this, ${name}.prototype);`,
    '}',
    ...fields.flatMap((field) => [`${field};`, `this.${field} = opts.${field};`]),
  ])
  const lines = body.split('\n').map((line) => line.trim())
  if (!lines.every((line) => usual.has(line))) return undefined
  return `export const ${name} = /* @__PURE__ */ errorClass("${name}", ${shapeId}, ${fault}, ${JSON.stringify(fields)});`
}

const errorClass = `
function errorClass(name, shapeId, fault, fields) {
  class Exception extends __BaseException {
    static shapeId = shapeId;
    name = name;
    $fault = fault;
    constructor(opts) {
      super({ name, $fault: fault, ...opts });
      Object.setPrototypeOf(this, Exception.prototype);
      for (const field of fields) this[field] = opts[field];
    }
  }
  return Exception;
}`

/** The module of a client's errors, its classes made by one function. A class of another shape stays as it is. */
export function compactErrors(source: string): string {
  const compact = source.replace(
    classPattern,
    (whole, name: string, body: string) => compactClass(name, body) ?? whole,
  )
  return `${compact}\n${errorClass}`
}

/**
 * The errors of which a client's code reads more than name, message and status, which an error has without a schema of its own
 * too. All else that is refused is an outage here, or told by its name (`shared/crypto/kms.ts`, `shared/stores/database.ts`).
 */
export const readErrors = {
  kms: [],
  dynamodb: [
    'ConditionalCheckFailedException',
    'TransactionCanceledException',
    'TransactionConflictException',
  ],
} as const

/** The schemas of a client without those of its errors, but for these. */
export const withoutErrors = (source: string, kept: readonly string[]): string =>
  source.replaceAll(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, name: string) =>
    kept.includes(name) ? line : '',
  )

interface Partitions {
  readonly partitions: readonly {
    readonly regionRegex: string
    readonly regions: Readonly<Record<string, unknown>>
  }[]
}

/** The list of AWS's Regions: one that its partition's pattern fits needs no line of its own, and none its name for people. */
export function withoutRegionNames(source: string): string {
  const [, start = '', json] = /^(export const partitionsInfo = )([\s\S]*);\s*$/.exec(source) ?? []
  if (json === undefined) throw new Error('Unknown form of the list of partitions')
  const { partitions, ...rest } = JSON.parse(json) as Partitions
  const fewer = partitions.map((partition) => {
    const pattern = new RegExp(partition.regionRegex)
    const others = Object.keys(partition.regions).filter((region) => !pattern.test(region))
    return { ...partition, regions: Object.fromEntries(others.map((region) => [region, {}])) }
  })
  return `${start}${JSON.stringify({ partitions: fewer, ...rest })}`
}

/** Modules that the SDK loads for features that no function uses, by the name they are asked for. */
const unused: Readonly<Record<string, string>> = {
  // Event streams (S3 Select and the like). A dynamic import would also keep all it shares from being trimmed.
  'event-streams': 'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined',
  // Endpoint discovery, which is off unless asked for.
  'endpoint-cache': 'export class EndpointCache {}',
}

const nativePattern = /^@node-rs\/(?:argon2|bcrypt)$/

/** Stands for argon2 and bcrypt in bundles of functions that do not hash; it is in none of them unless one does. */
export const noHashing: esbuild.Plugin = {
  name: 'no-hashing',
  setup(build) {
    build.onResolve({ filter: nativePattern }, () => ({
      path: 'native',
      namespace: 'no-hashing',
      sideEffects: false,
    }))
    build.onLoad({ filter: /.*/, namespace: 'no-hashing' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** Takes the place of the loaders of argon2 and bcrypt, which look for the platform's binary at run time: here it is known. */
export const nativeOf = (processor: Processor): esbuild.Plugin => ({
  name: 'native-binding',
  setup(build) {
    build.onResolve({ filter: nativePattern }, ({ path, resolveDir }) => ({
      path: bindingOf(path.slice('@node-rs/'.length) as NativeModule, processor),
      namespace: 'native-binding',
      pluginData: resolveDir,
    }))
    build.onLoad({ filter: /.*/, namespace: 'native-binding' }, ({ path, pluginData }) => ({
      contents: `module.exports = require('${path}')`,
      resolveDir: pluginData as string,
    }))
  },
})

/** Files of the SDK for machines that are not Lambda, and for what no function asks of it. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  // Where Node was built without crypto.
  [/sha256\/Sha256Js\.js$/, 'export class Sha256Js { constructor() { throw new Error("No SHA-256") } }'],
  // Asks an EC2 machine for its Region, which in Lambda is in the environment.
  [/getInstanceMetadataRegion\.js$/, 'export const getInstanceMetadataRegion = async () => undefined'],
  // Of the adaptive way of trying again, which no client here takes and no environment names.
  [
    /util-retry\/DefaultRateLimiter\.js$/,
    'export class DefaultRateLimiter { constructor() { throw new Error("No adaptive retries") } }',
  ],
]

/** The sentences of the table of routes, which is two files, are for the API's documents. */
export const withoutSummaries = (source: string): string => source.replaceAll(/^\s+summary: '[^']*',$/gm, '')

export const trims: esbuild.Plugin = {
  name: 'trims',
  setup(build) {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'event-streams', namespace: 'unused' } : undefined,
    )
    build.onResolve({ filter: /^@aws-sdk\/endpoint-cache$/ }, () => ({
      path: 'endpoint-cache',
      namespace: 'unused',
    }))
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: unused[path] ?? '' }))
    build.onLoad({ filter: /libphonenumber-js\/metadata\.min\.json\.js$/ }, async ({ path }) => {
      const { default: metadata } = (await import(path)) as { default: PhoneMetadata }
      return { contents: `export default ${JSON.stringify(withoutFormats(metadata))}` }
    })
    build.onLoad({ filter: /@aws-sdk\/client-[a-z]+\/dist-es\/models\/errors\.js$/ }, ({ path }) => ({
      contents: compactErrors(readFileSync(path, 'utf8')),
    }))
    for (const [client, kept] of Object.entries(readErrors)) {
      const filter = new RegExp(`@aws-sdk/client-${client}/dist-es/schemas/schemas_0\\.js$`)
      build.onLoad({ filter }, ({ path }) => ({ contents: withoutErrors(readFileSync(path, 'utf8'), kept) }))
    }
    build.onLoad({ filter: /util-endpoints\/lib\/aws\/partitions\.js$/ }, ({ path }) => ({
      contents: withoutRegionNames(readFileSync(path, 'utf8')),
    }))
    for (const [filter, contents] of elsewhere) build.onLoad({ filter }, () => ({ contents }))
    build.onLoad({ filter: /shared\/contract\/(?:support-)?routes\.ts$/ }, ({ path }) => ({
      contents: withoutSummaries(readFileSync(path, 'utf8')),
      loader: 'ts',
    }))
    // Only the version is read, for the user agent.
    build.onLoad({ filter: /@aws-sdk\/client-[a-z]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
  },
}
