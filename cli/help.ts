/** The help: of all commands, and of one. */
import { type CommandName, type Spec, specOf, specs } from './specs.ts'

const optionsOf = ({ options = {} }: Spec) => Object.entries(options)
const spelt = (name: string, value: string | undefined) =>
  value === undefined ? `--${name}` : `--${name} ${value}`

/** `ledger receipt USER_ID SEQ [--out FILE]` */
export function usageOf(name: CommandName): string {
  const spec = specOf(name)
  const options = optionsOf(spec).map(([option, { value }]) => `[${spelt(option, value)}]`)
  return [name, ...spec.words, ...options].join(' ')
}

const everywhere = [
  ['--json', 'print JSON: one document, or one a line where there may be many'],
  ['--local [PORT]', 'speak to a stack that "npm start" runs (port 3000), in place of AWS'],
  ['--env FILE', 'read settings from a file of NAME=VALUE lines'],
] as const

export const exitCodes =
  'Exit codes: 0 done; 1 it failed, or something does not verify;\n2 the command line or the input cannot be used.'

const who = `WHO is an email, a phone such as +201001234567, a username, a userId, or the reference in a notice.`

const table = (rows: readonly (readonly [string, string])[]) => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, does]) => `  ${name.padEnd(width)}  ${does}`).join('\n')
}

/** What `latchkey COMMAND --help` prints. */
export function helpOf(name: CommandName): string {
  const spec = specOf(name)
  const own = optionsOf(spec).map(([option, { value, does }]) => [spelt(option, value), does] as const)
  const common =
    spec.needs === 'files' ? everywhere.filter(([option]) => option !== '--local [PORT]') : everywhere
  const parts = [
    `latchkey ${usageOf(name)}\n\n${spec.does.charAt(0).toUpperCase()}${spec.does.slice(1)}.`,
    ...(spec.words.some((word) => word === 'WHO') ? [who] : []),
    table([...own, ...common]),
    ...(spec.role
      ? [`On AWS it takes the role "${spec.role}" of the stage (docs/deploy.md, section 3).`]
      : []),
    exitCodes,
  ]
  return `${parts.join('\n\n')}\n`
}

const names = Object.keys(specs) as CommandName[]
const list = (commands: readonly CommandName[]) =>
  commands.map((name) => `  latchkey ${usageOf(name)}\n      ${specOf(name).does}`).join('\n')

/** The commands of two words that begin with this one. */
export const commandsOf = (group: string): CommandName[] =>
  names.filter((name) => name.startsWith(`${group} `))

/** What `latchkey GROUP --help` prints. */
export const helpOfGroup = (group: string): string => `${list(commandsOf(group))}

For each of them: "latchkey ${group} COMMAND --help".
`

/** What `latchkey --help` prints. */
export function helpOfAll(): string {
  return `${list(names)}

${who}

For each command: "latchkey COMMAND --help". For all: "latchkey --version", and
${table(everywhere)}

Commands that need the services speak to AWS with the usual credentials, and with the settings of the
environment or of --env FILE; docs/command-line.md has more.

${exitCodes}
`
}
