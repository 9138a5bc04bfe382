/** CPU of the functions' code in full recoveries, beside that of the two hashes no design can avoid. */
import { randomBytes } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { policy } from '#shared/policy.ts'
import { answerWith } from './ask.ts'
import { cpuOf } from './cpu-time.ts'
import { type BundlePaths, deploy, type Meter } from './deployment.ts'
import { register } from './people.ts'
import { newPassword, recover } from './recovery.ts'

export interface CpuInput {
  readonly paths: BundlePaths
  readonly warmUp: number
  readonly recoveries: number
}

/** CPU milliseconds of the functions in each recovery, by function, and of two hashes right after it. */
export interface CpuSample {
  readonly byFunction: Readonly<Record<string, number>>
  readonly hashes: number
}

const argon2id = 2

async function twoHashes(): Promise<void> {
  const { memoryKiB, passes, lanes, hashBytes, saltBytes } = policy.argon2
  for (let count = 0; count < 2; count += 1)
    await hashRaw(newPassword, {
      algorithm: argon2id,
      memoryCost: memoryKiB,
      timeCost: passes,
      parallelism: lanes,
      outputLen: hashBytes,
      salt: randomBytes(saltBytes),
    })
}

/** Every recovery is of a person of its own; only the calls of handlers are within the windows. */
async function measure({ paths, warmUp, recoveries }: CpuInput): Promise<CpuSample[]> {
  // Waiting costs no CPU, so the floor of the login's answer is left out: it would only make the run longer.
  const deployment = await deploy(paths, { LOGIN_FLOOR_MS: '0' })
  const samples: CpuSample[] = []
  for (let count = 0; count < warmUp + recoveries; count += 1) {
    const person = await register(deployment)
    await deployment.pump()
    const byFunction: Record<string, number> = {}
    const meter: Meter = async (name, run) => {
      const result: { value?: Awaited<ReturnType<typeof run>> } = {}
      const spent = await cpuOf(async () => {
        result.value = await run()
      })
      byFunction[name] = (byFunction[name] ?? 0) + spent
      return result.value as Awaited<ReturnType<typeof run>>
    }
    await recover(deployment, person, () => deployment.pump(meter), meter)
    const hashes = await cpuOf(twoHashes)
    if (count >= warmUp) samples.push({ byFunction, hashes })
  }
  await deployment.close()
  return samples
}

answerWith({ measure })
