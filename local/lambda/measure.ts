/** `node local/lambda/measure.ts`: peak memory and time of the bundled functions, run as Lambda runs them (infra/capacity.ts). */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { memoryMb } from '../../infra/capacity.ts'
import { readStage } from '../../infra/config.ts'
import type { FunctionId } from '../../infra/roles.ts'
import { seedIdentities, seedPassword } from '../seed.ts'
import { type Stack, startStack } from '../stack.ts'
import { startBundles } from './bundles.ts'
import type { Answer } from './execution.ts'

const newPassword = 'newpass123'
/** Who signs in with the password alone. */
const people = Object.values(seedIdentities).filter((identity) => !('mfaEnabled' in identity))
const signIns = 4

async function post(stack: Stack, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(stack.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** One recovery of each person, with wrong guesses and several sign-ins. */
async function recover(stack: Stack): Promise<void> {
  for (const { email, phone } of people) {
    await post(stack, '/api/auth/forgot-password', { email })
    await stack.idle()
    const otp = /[0-9]{6}/.exec(stack.services.inbox.messages(email).at(-1)?.text ?? '')?.[0] ?? ''
    for (const guess of ['000000', '000001', otp])
      await post(stack, '/api/auth/verify-reset-otp', { email, otp: guess })
    await post(stack, '/api/auth/login', { identifier: phone, password: seedPassword })
    await post(stack, '/api/auth/reset-password', { email, otp, newPassword })
    for (let turn = 1; turn < signIns; turn += 1)
      await post(stack, '/api/auth/login', { identifier: phone, password: newPassword })
  }
  await stack.idle()
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

function report(answers: ReadonlyMap<FunctionId, readonly Answer[]>): void {
  console.log(
    `${process.arch}, ${cpus()[0]?.model}, ${cpus().length} processors, Node ${process.versions.node}`,
  )
  console.log('function, MB given, peak MB, median ms, median CPU ms, calls')
  for (const [id, all] of answers) {
    const peak = Math.max(...all.map(({ peakKb }) => peakKb / 1024))
    const ms = median(all.map((answer) => answer.ms))
    const cpuMs = median(all.map((answer) => answer.cpuMs))
    console.log([id, memoryMb(id), peak.toFixed(0), ms.toFixed(0), cpuMs.toFixed(0), all.length].join(', '))
  }
}

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))
const answers = new Map<FunctionId, Answer[]>()
const bundles = await startBundles({
  folder: '.data/bundles',
  config: readStage(context.stages, 'dev'),
  answered: (id, answer) => answers.set(id, [...(answers.get(id) ?? []), answer]),
})
const stack = await startStack({ handlers: bundles, seed: true, throttling: false })
await recover(stack)
await stack.close()
await bundles.close()
report(answers)
