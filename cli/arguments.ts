/** Takes a command line apart: words, options of the command, and where the services are. */
import { parseArgs } from 'node:util'
import { environmentChanged } from '#shared/per-environment.ts'
import { usage } from './problem.ts'
import { type CommandName, specOf, type specs } from './specs.ts'

const defaultPort = 3000

/** `--local` may stand alone; only a number after it is its port. */
export function takeLocal(args: readonly string[]): { readonly rest: string[]; readonly port?: number } {
  const place = args.findIndex((arg) => arg === '--local' || arg.startsWith('--local='))
  const option = args[place]
  if (option === undefined) return { rest: [...args] }
  const next = args[place + 1] ?? ''
  const joined = option.includes('=')
  const separate = !joined && /^[0-9]+$/.test(next)
  const text = joined ? option.slice('--local='.length) : separate ? next : String(defaultPort)
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw usage(`--local: ${text} is no port`)
  return { rest: args.toSpliced(place, separate ? 2 : 1), port }
}

/**
 * Reads settings from the file that `--env` names into the environment, where it does not have them already.
 * @returns the other words
 * @throws Problem when the file cannot be read
 */
export function takeEnvironmentFile(args: readonly string[]): string[] {
  const place = args.indexOf('--env')
  if (place === -1) return [...args]
  const path = args[place + 1]
  if (path === undefined) throw usage('--env needs a file.')
  try {
    process.loadEnvFile(path)
    environmentChanged()
  } catch {
    throw usage(`--env: ${path} cannot be read.`)
  }
  return args.toSpliced(place, 2)
}

const everywhere = { json: { type: 'boolean' } } as const

/** What was typed behind a command, by its specification. */
export interface Given<Name extends CommandName> {
  readonly words: TextOf<Words<Name>>
  readonly options: { readonly [Option in keyof Options<Name>]?: ValueOf<Options<Name>[Option]> }
  readonly json: boolean
}
type TextOf<Words extends readonly string[]> = { readonly [Place in keyof Words]: string }
type Words<Name extends CommandName> = (typeof specs)[Name]['words']
type Options<Name extends CommandName> = (typeof specs)[Name] extends { readonly options: infer Given }
  ? Given
  : Record<never, never>
type ValueOf<Option> = Option extends { readonly type: 'boolean' }
  ? boolean
  : Option extends { readonly multiple: true }
    ? readonly string[]
    : string

/** @throws Problem when words are missing or left over, or an option is unknown */
export function readArguments<Name extends CommandName>(name: Name, args: readonly string[]): Given<Name> {
  const { words, options = {} } = specOf(name)
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: { ...options, ...everywhere },
        allowPositionals: true,
        strict: true,
      })
    } catch (error) {
      throw usage((error as Error).message, name)
    }
  })()
  const { json, ...values } = parsed.values
  const missing = words[parsed.positionals.length]
  if (missing !== undefined) throw usage(`${missing} is missing.`, name)
  if (parsed.positionals.length > words.length)
    throw usage(`"${parsed.positionals[words.length]}" is one word too many.`, name)
  return { words: parsed.positionals, options: values, json: json === true } as unknown as Given<Name>
}
