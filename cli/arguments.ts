/** Takes a command line apart: words, options of the command, and where the services are. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { environmentChanged } from '#shared/per-environment.ts'
import { usage } from './problem.ts'

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

/**
 * @param names of the words that must be given, as they stand in the help
 * @throws Problem when words are missing or left over, or an option is unknown
 */
export function readArguments<const Names extends readonly string[], Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  names: Names,
  options: Options,
) {
  const parsed = (() => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    } catch (error) {
      throw usage((error as Error).message)
    }
  })()
  const missing = names[parsed.positionals.length]
  if (missing !== undefined) throw usage(`${missing} is missing.`)
  if (parsed.positionals.length > names.length)
    throw usage(`"${parsed.positionals[names.length]}" is one word too many.`)
  return {
    words: parsed.positionals as unknown as { [Place in keyof Names]: string },
    options: parsed.values,
  }
}
