/** What the commands that run the stack share: settings from the environment, problems as one sentence, a clean end. */

import { isIP } from 'node:net'
import { readReturnTo } from '#shared/domain/return-to.ts'
import { type Console, takeConsole } from './console.ts'
import { readHosts } from './foreign.ts'
import { watchParent } from './parent-watch.ts'
import { senderIn } from './sender-file.ts'
import type { Sender } from './services/lambda.ts'

/** Settings of the product that may be given in the environment; tables, keys and endpoints are the stack's own. */
const passedOn = [
  'ALLOWED_ORIGINS',
  'CONSENT',
  'CONSENTS',
  'DEFAULT_LOCALE',
  'EMAIL_ACCENT',
  'EMAIL_CONFIGURATION_SET',
  'EMAIL_FROM',
  'EMAIL_LOGO',
  'EMAIL_REPLY_TO',
  'LEDGER_RETENTION_DAYS',
  'LOGIN_FLOOR_MS',
  'ORIGIN',
  'PRODUCT',
  'SMS_COUNTRIES',
  'SMS_DAILY_CAPS',
  'SMS_SENDERS',
  'SMS_UNVERIFIED_FLOORS',
  'TEXTS',
  'WITNESS_BUCKET',
  'WITNESS_EMAIL',
]
/** What waits for a stack to end (`data-dir.ts`, `gateway/server.ts`) waits a little longer. */
const closeWithinMs = 4000

/** @throws Error when PORT is no port. */
export function portGiven(usual: number): number {
  const text = process.env['PORT']
  if (text === undefined || text === '') return usual
  const port = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) {
    throw new Error(`PORT must be a whole number from 0 to 65535, but is "${text}".`)
  }
  return port
}

export function settingsGiven(): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

/** LATCHKEY_DATA_DIR where it is set, as an option of the stack. */
export function dataDirGiven(): { readonly dataDir?: string } {
  const dataDir = process.env['LATCHKEY_DATA_DIR']
  return dataDir === undefined || dataDir === '' ? {} : { dataDir }
}

/**
 * LATCHKEY_SENDER where it is set, as an option of the stack: a module whose default export sends what it is handed.
 * @throws Error with one sentence for a file that is none
 */
export async function senderGiven(): Promise<{ readonly sender?: Sender }> {
  const file = process.env['LATCHKEY_SENDER']
  if (file === undefined || file === '') return {}
  return { sender: await senderIn(file, 'LATCHKEY_SENDER') }
}

/** Where the pages may lead back to, of RETURN_TO: a product under development is at http on the loopback. @throws Error as {@link readReturnTo} */
export const returnToGiven = (): string[] => readReturnTo(process.env['RETURN_TO'] ?? '', 'RETURN_TO', true)

/** LATCHKEY_HOST where it is set, as an option of the stack. */
function hostGiven(): { readonly host?: string } {
  const host = process.env['LATCHKEY_HOST']
  return host === undefined || host === '' ? {} : { host }
}

/**
 * Hosts that may ask beside the loopback: those of LATCHKEY_TRUSTED_HOSTS, and the address that LATCHKEY_HOST names,
 * which no name on the network can be made to lead to from a page of its own.
 * @throws Error for what is no host name
 */
export function trustedHostsGiven(): string[] {
  const { host = '' } = hostGiven()
  const isOne = isIP(host) !== 0 && !['0.0.0.0', '::'].includes(host)
  return readHosts(`${process.env['LATCHKEY_TRUSTED_HOSTS'] ?? ''},${isOne ? host : ''}`)
}

/**
 * What the environment says of the stack to start, as options of it.
 * @throws Error with one sentence for what cannot be meant
 */
export const optionsGiven = (usualPort: number) => ({
  port: portGiven(usualPort),
  ...hostGiven(),
  trustedHosts: trustedHostsGiven(),
  ...dataDirGiven(),
  settings: settingsGiven(),
})

/** LATCHKEY_LOG: `json` is the log of the functions, as it is when deployed. */
const wantsJson = () => process.env['LATCHKEY_LOG'] === 'json'

/** One sentence for whoever typed the command. */
export function sentenceOf(error: unknown, usualPort: number): string {
  const { code, message } = error as NodeJS.ErrnoException
  const port = process.env['PORT'] || String(usualPort)
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use: stop what listens there, or set PORT to another one.`
  if (code === 'EACCES') return `Port ${port} may not be used by this user: set PORT to one above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `LATCHKEY_HOST is ${process.env['LATCHKEY_HOST']}, which is no address of this machine.`
  return message
}

/** @returns what ends the process, once: Ctrl-C reaches it twice, from the terminal and from npm. */
function endingBy(close: () => Promise<void>): () => void {
  let ending = false
  return () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), closeWithinMs).unref()
    void close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
}

/**
 * Starts what a command runs, and ends it on a signal; a start that fails is told in one sentence, exit code 1.
 * @param start takes the console, whose last line is for it to say: that it is ready
 */
export async function runCommand(
  usualPort: number,
  start: (console: Console) => Promise<() => Promise<void>>,
): Promise<void> {
  const taken = takeConsole(wantsJson())
  // Until it runs there is nothing to close: what it has started ends with it.
  let end: () => void = () => process.exit(1)
  watchParent(() => end())
  // Listened for from the start on: whoever reads `ready` may send one before the next line here has run.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end())
  try {
    end = endingBy(await start(taken))
  } catch (error) {
    console.error(sentenceOf(error, usualPort))
    process.exit(1)
  }
}
