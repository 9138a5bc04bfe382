/** Tests of whole flows over moto's DynamoDB: conditions, transactions and streams, as somebody else reads their documents. */
import { spawn } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { failedIn, runTests, type Report as Tests } from '../tests/run-tests.ts'
import { installed } from './tools.ts'

/** Flows of each kind: codes by email and by SMS, a token, a PIN. */
const files = [
  ...['password-email', 'password-email-basic', 'password-two-factor', 'pin-reset', 'pin-set', 'epoch'],
].map((name) => `test/flows/${name}.test.ts`)
/** Whole ones, and what ends with them; not requests at once, which moto does not keep apart. */
const titles = [
  ...['the whole flow', 'scenario 1: a successful reset', 'no session of any device outlives the reset'],
  'a password reset ends the sessions',
]

const startsWithinMs = 60_000
const lookEveryMs = 200

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** @throws Error where it does not answer in time */
async function ready(url: string): Promise<void> {
  const until = performance.now() + startsWithinMs
  while (performance.now() < until) {
    if (await fetch(url).then(Boolean, () => false)) return
    await sleep(lookEveryMs)
  }
  throw new Error('moto did not start')
}

/** Each file has one at least. */
export const leastFlows = files.length

export interface Flows {
  readonly passed: number
  readonly failed: readonly string[]
}

/** @throws Error where moto cannot be installed, or does not start */
export async function flowsOverMoto(report: (line: string) => void): Promise<Flows> {
  const port = await freePort()
  const server = spawn(
    installed('moto', report),
    ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)],
    { stdio: 'ignore' },
  )
  const end = () => void server.kill('SIGKILL')
  process.prependOnceListener('exit', end)
  try {
    const url = `http://127.0.0.1:${port}`
    await ready(url)
    const { passed, tests }: Tests = await runTests([...files, '-t', titles.join('|')], {
      env: { DYNAMODB_ENDPOINT: url },
    })
    return { passed, failed: failedIn(tests) }
  } finally {
    end()
    process.off('exit', end)
  }
}
