/** What `sam local start-api` is told, so that its functions find the emulated services. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { writeState } from '../state-file.ts'

/** From the root of the checkout; not under version control. */
export const variablesFile = '.data/sam-env.json'

/** Addresses on the loopback among a stack's settings. */
const loopback = /^http:\/\/127\.0\.0\.1:(\d+)$/

export const portsOf = (environment: Readonly<Record<string, string>>): number[] => [
  ...new Set(Object.values(environment).flatMap((value) => loopback.exec(value)?.slice(1).map(Number) ?? [])),
]

/**
 * Writes SAM's file of variables, in the form that gives every function the same.
 * @param host what stands in place of 127.0.0.1
 */
export function writeVariables(
  environment: Readonly<Record<string, string>>,
  host: string,
  file = variablesFile,
): void {
  const parameters = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace(loopback, `http://${host}:$1`),
  ])
  mkdirSync(dirname(file), { recursive: true })
  writeState(file, { Parameters: Object.fromEntries(parameters) })
}

/** The two commands, to be run in another terminal. Made-up credentials keep those of the machine out of the containers. */
export const commands = (file = variablesFile): string =>
  `npx cdk synth --quiet -c stage=dev -c local=true -o .data/sam
AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local sam local start-api \\
  --template .data/sam/latchkeydevservice*.template.json --env-vars ${file} \\
  --region us-east-1 --warm-containers LAZY
`
