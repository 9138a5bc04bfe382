/** The command line: which command, with which services, and what it ends with. */
import { takeEnvironmentFile, takeLocal } from './arguments.ts'
import { Problem, usage } from './problem.ts'
import { type Clock, useServices } from './services.ts'
import { verdictOf } from './verdict.ts'

/** @param isLocal whether the services are a local stack's */
type Run = (args: readonly string[], clock: Clock, isLocal: boolean) => Promise<void> | void

interface Command {
  readonly help: string
  readonly does: string
  /** Works on files alone: always, or with these words behind it. */
  readonly offline?: true | ((args: readonly string[]) => boolean)
  /** Refuses what stands behind it before it is asked where the services are. */
  readonly check?: () => Promise<(args: readonly string[]) => unknown>
  /** Loaded when it runs: the services' clients read the environment when they are loaded. */
  readonly load: () => Promise<Run>
}

const commands: Readonly<Record<string, Command>> = {
  'ledger export': {
    help: 'DIR',
    does: 'write the whole ledger as files that anyone can verify',
    load: async () => (await import('./commands/ledger-export.ts')).exportCommand,
  },
  'ledger verify': {
    help: 'DIR [--checkpoint FILE] [--public-key FILE]',
    does: 'check an export, offline, also against what was kept outside',
    offline: true,
    load: async () => (await import('./commands/ledger-verify.ts')).verifyCommand,
  },
  'ledger seal': {
    help: '',
    does: 'make a checkpoint now',
    load: async () => (await import('./commands/ledger-seal.ts')).sealCommand,
  },
  'ledger show': {
    help: 'USER_ID',
    does: 'print what happened to one identity',
    load: async () => (await import('./commands/ledger-show.ts')).showCommand,
  },
  'ledger receipt': {
    help: 'USER_ID SEQ [--out FILE]',
    does: 'write a file that proves one entry; in place of SEQ an id, such as the reference in a message',
    load: async () => (await import('./commands/ledger-receipt.ts')).receiptCommand,
  },
  'ledger verify-receipt': {
    help: 'FILE [--public-key FILE]',
    does: 'check such a file, offline',
    offline: true,
    load: async () => (await import('./commands/ledger-verify-receipt.ts')).verifyReceiptCommand,
  },
  import: {
    help: 'FILE [--source NAME] [--hash-config FILE] [--country CC] [--dry-run] [--update] [--leave-out FIELDS] [--ignore-unknown] [--without-unusable-hashes] [--json]',
    does: 'register identities from CSV, NDJSON or JSON, or as another system exports them, with their hashes (docs/move-in.md); goes on where it was cut off',
    offline: (args) => args.includes('--dry-run'),
    check: async () => (await import('./import/options.ts')).readImportOptions,
    load: async () => (await import('./commands/import.ts')).importCommand,
  },
  redrive: {
    help: '',
    does: 'put events and messages before the workers again that were left over',
    load: async () => (await import('./commands/redrive.ts')).redriveCommand,
  },
  keys: {
    help: '',
    does: 'tell which keys stored secrets still need',
    load: async () => (await import('./commands/keys.ts')).keysCommand,
  },
  'sms-templates': {
    help: 'LANGUAGE [--product NAME] [--host HOST] [--json]',
    does: 'print each text that goes by SMS as operators register it (India)',
    offline: true,
    load: async () => (await import('./commands/sms-templates.ts')).smsTemplatesCommand,
  },
}

function helpText(): string {
  const rows = Object.entries(commands).map(([name, { help, does }]) => {
    return `  latchkey ${[name, help].filter(Boolean).join(' ')}\n      ${does}`
  })
  return `${rows.join('\n')}

Commands that need the services speak to AWS with the credentials and settings of the environment
(--env FILE reads more settings from a file of NAME=VALUE lines), or with --local [PORT] to a stack
that "npm start" runs (port 3000). Exit codes: 0 done; 1 it failed, or something does not verify;
2 the command line or the input cannot be used.
`
}

/** A command has one word or two. */
function findCommand(args: readonly string[]): { command: Command; rest: string[] } {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command && args.length >= words) return { command, rest: args.slice(words) }
  }
  throw usage(
    args.length === 0 ? 'A command is missing.' : `There is no command "${args.slice(0, 2).join(' ')}".`,
  )
}

async function run(args: readonly string[]): Promise<void> {
  const { rest: words, port } = takeLocal(args)
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(helpText())
    return
  }
  const { command, rest } = findCommand(takeEnvironmentFile(words))
  const check = await command.check?.()
  check?.(rest)
  const isOffline = typeof command.offline === 'function' ? command.offline(rest) : command.offline
  const clock = isOffline ? Date.now : await useServices(port)
  const start = await command.load()
  await start(rest, clock, port !== undefined)
}

/** A problem of use, an outage, or a file that cannot be read or written. */
const isExpected = (error: unknown): error is Error =>
  error instanceof Error && (error instanceof Problem || error.name === 'Unavailable' || 'path' in error)

try {
  await run(process.argv.slice(2))
} catch (caught) {
  const error = verdictOf(caught)
  // A defect shows its stack; what can go wrong in use is one sentence.
  process.stderr.write(
    `latchkey: ${isExpected(error) ? error.message : ((error as Error)?.stack ?? error)}\n`,
  )
  process.exitCode = error instanceof Problem ? error.exitCode : 1
}
