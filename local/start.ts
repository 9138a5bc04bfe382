/** `npm start`: the whole stack on one machine, kept in LATCHKEY_DATA_DIR where that is set. */
import { buildPages } from '../web/build.ts'
import { startStack } from './stack.ts'

/** Settings of the product that may be given in the environment; tables, keys and endpoints are the stack's own. */
const passedOn = [
  'ALLOWED_ORIGINS',
  'CONSENT',
  'DEFAULT_LOCALE',
  'EMAIL_FROM',
  'LEDGER_RETENTION_DAYS',
  'LOGIN_FLOOR_MS',
  'ORIGIN',
  'PRODUCT',
  'SMS_COUNTRIES',
  'SMS_DAILY_CAPS',
  'SMS_SENDERS',
  'WITNESS_BUCKET',
  'WITNESS_EMAIL',
]
const closeWithinMs = 5000

/** @throws Error when PORT is no port. */
function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 3000
  const port = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) {
    throw new Error(`PORT must be a whole number from 0 to 65535, but is "${text}".`)
  }
  return port
}

function settingsGiven(): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

/** The pages as the checkout has them. The service works without them, so a build that fails is only told. */
async function buildHostedPages(): Promise<void> {
  const { CONSENT = '', PRODUCT = '' } = settingsGiven()
  const consent = CONSENT.includes('@') ? CONSENT : `${CONSENT}@1`
  try {
    await buildPages({
      inbox: '/_local',
      ...(PRODUCT !== '' && { product: PRODUCT }),
      ...(CONSENT !== '' && { consent }),
    })
  } catch (error) {
    console.error(`The pages were not built: ${(error as Error).message}`)
  }
}

/** One sentence for whoever typed the command. */
function sentenceOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const port = process.env['PORT'] ?? '3000'
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use: stop what listens there, or set PORT to another one.`
  if (code === 'EACCES') return `Port ${port} may not be used by this user: set PORT to one above 1023.`
  return message
}

function stopOn(signal: NodeJS.Signals, close: () => Promise<void>): void {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), closeWithinMs).unref()
    void close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}

const writeOut = process.stdout.write.bind(process.stdout)
// The functions log to stdout, as Lambda wants it; here stdout says one thing, that the stack is ready.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write

try {
  await buildHostedPages()
  const dataDir = process.env['LATCHKEY_DATA_DIR']
  const stack = await startStack({
    port: portOf(process.env['PORT']),
    ...(dataDir !== undefined && dataDir !== '' && { dataDir }),
    seed: true,
    settings: settingsGiven(),
  })
  stopOn('SIGINT', stack.close)
  stopOn('SIGTERM', stack.close)
  writeOut(`ready ${stack.url}\n`)
} catch (error) {
  console.error(sentenceOf(error))
  process.exit(1)
}
