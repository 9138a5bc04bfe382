/** The command line: which command, with which services, and what it ends with. */
import { type Given, readArguments, takeEnvironmentFile, takeLocal } from './arguments.ts'
import { endOf } from './ending.ts'
import { commandsOf, helpOf, helpOfAll, helpOfGroup } from './help.ts'
import { print } from './output.ts'
import { Problem, usage } from './problem.ts'
import { type Clock, useServices } from './services.ts'
import { type CommandName, specOf, specs } from './specs.ts'
import { version } from './version.ts'

/** @param isLocal whether the services are a local stack's */
type Run<Name extends CommandName> = (
  given: Given<Name>,
  clock: Clock,
  isLocal: boolean,
) => Promise<void> | void

/** Loaded when they run: the services' clients read the environment when they are loaded. */
const loads: { readonly [Name in CommandName]: () => Promise<Run<Name>> } = {
  'identity find': async () => (await import('./commands/identity.ts')).findCommand,
  'identity show': async () => (await import('./commands/identity.ts')).showCommand,
  'identity unlock': async () => (await import('./commands/identity.ts')).actCommand('unlockIdentity'),
  'identity require-reset': async () => (await import('./commands/identity.ts')).actCommand('requireReset'),
  'identity suspend': async () => (await import('./commands/identity.ts')).actCommand('suspendIdentity'),
  'identity resume': async () => (await import('./commands/identity.ts')).actCommand('resumeIdentity'),
  'identity sign-out': async () => (await import('./commands/identity.ts')).actCommand('signOutIdentity'),
  'identity erase': async () => (await import('./commands/identity.ts')).actCommand('deleteIdentity'),
  sessions: async () => (await import('./commands/identity.ts')).sessionsCommand,
  console: async () => (await import('./commands/console.ts')).consoleCommand,
  'ledger export': async () => (await import('./commands/ledger-export.ts')).exportCommand,
  'ledger verify': async () => (await import('./commands/ledger-verify.ts')).verifyCommand,
  'ledger archive': async () => (await import('./commands/ledger-archive.ts')).archiveCommand,
  'ledger seal': async () => (await import('./commands/ledger-seal.ts')).sealCommand,
  'ledger show': async () => (await import('./commands/ledger-show.ts')).showCommand,
  'ledger receipt': async () => (await import('./commands/ledger-receipt.ts')).receiptCommand,
  'ledger verify-receipt': async () =>
    (await import('./commands/ledger-verify-receipt.ts')).verifyReceiptCommand,
  tail: async () => (await import('./commands/tail.ts')).tailCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  redrive: async () => (await import('./commands/redrive.ts')).redriveCommand,
  'dead-letters list': async () => (await import('./commands/dead-letters.ts')).listCommand,
  'dead-letters drop': async () => (await import('./commands/dead-letters.ts')).dropCommand,
  'sms pause': async () => (await import('./commands/sms.ts')).pauseCommand,
  'sms resume': async () => (await import('./commands/sms.ts')).resumeCommand,
  'sms floor': async () => (await import('./commands/sms.ts')).floorCommand,
  'flow stop': async () => (await import('./commands/flow.ts')).stopCommand,
  'flow start': async () => (await import('./commands/flow.ts')).startCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  'sms-templates': async () => (await import('./commands/sms-templates.ts')).smsTemplatesCommand,
  texts: async () => (await import('./commands/texts.ts')).textsCommand,
}

/** What is wrong with files or types that were named is told before what is missing of the environment, too. */
const checks: { readonly [Name in CommandName]?: (given: Given<Name>) => Promise<unknown> } = {
  import: async (given) => (await import('./import/options.ts')).readImportOptions(given),
  tail: async (given) => (await import('./entry-types.ts')).entryTypeOf(given.options.type),
}

/** A command has one word or two. */
function findCommand(args: readonly string[]): { name: CommandName; rest: string[] } {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    if (Object.hasOwn(specs, name) && args.length >= words)
      return { name: name as CommandName, rest: args.slice(words) }
  }
  const [group] = args
  if (group === undefined) throw usage('A command is missing.')
  if (isGroup(args))
    throw new Problem(`A command is missing behind "${group}".\n\n${helpOfGroup(group).trimEnd()}`, 2)
  throw usage(
    `There is no command "${args.slice(0, 2).join(' ')}".`,
    commandsOf(group).length > 0 ? group : undefined,
  )
}

/** Whether nothing is named but the first word of several commands. */
const isGroup = ([group = '', next]: readonly string[]) =>
  commandsOf(group).length > 0 && (next === undefined || next.startsWith('-'))

const isHelp = (word: string) => word === '--help' || word === '-h'

/** @param asked what help is asked for */
function helpFor(asked: readonly string[]): string {
  const [group] = asked
  if (group === undefined) return helpOfAll()
  return isGroup(asked) ? helpOfGroup(group) : helpOf(findCommand(asked).name)
}

/** Flags may stand before the command, and the file of `--env` with them. */
function commandPlace(words: readonly string[]): number {
  let place = 0
  while (words[place]?.startsWith('-')) place += words[place] === '--env' ? 2 : 1
  return place
}

async function start<Name extends CommandName>(
  name: Name,
  args: readonly string[],
  port: number | undefined,
  own: Clock | undefined,
) {
  // What was mistyped is told before what is missing of the environment.
  const given = readArguments(name, args)
  await checks[name]?.(given)
  const { needs, offlineWith } = specOf(name)
  const isOffline = needs === 'files' || (offlineWith !== undefined && offlineWith in given.options)
  const clock = isOffline ? Date.now : await useServices(port, needs)
  const run = await loads[name]()
  await run(given, own ?? clock, port !== undefined)
}

async function run(args: readonly string[], clock: Clock | undefined): Promise<void> {
  const { rest: words, port } = takeLocal(args)
  const place = commandPlace(words)
  const [flags, command] = [words.slice(0, place), words.slice(place)]
  if (flags.includes('--version')) {
    print(flags.includes('--json'), { version: version() }, () => `latchkey ${version()}\n`)
    return
  }
  const isHelpFirst = command[0] === 'help'
  if (isHelpFirst || words.some(isHelp)) {
    process.stdout.write(helpFor(command.slice(isHelpFirst ? 1 : 0).filter((word) => !isHelp(word))))
    return
  }
  const { name, rest } = findCommand(takeEnvironmentFile([...command, ...flags]))
  await start(name, rest, port, clock)
}

/**
 * @param clock in place of the services': where the local stack runs in this process, this one's is moved on already
 * @returns the exit code; what is printed went to the streams of the process
 */
export async function runCommandLine(args: readonly string[], clock?: Clock): Promise<number> {
  try {
    await run(args, clock)
    return 0
  } catch (error) {
    const { message, exitCode } = await endOf(error)
    process.stderr.write(`latchkey: ${message}\n`)
    return exitCode
  }
}
