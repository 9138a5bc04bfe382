/** [recoveries_per_second, peer_recoveries_per_second, peer_cpu_ms] */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Measured, measured } from '../figures.ts'
import type { PeerInput, PeerResult } from '../peer/flow.ts'
import { measureIn } from '../processes/ask.ts'
import type { ThroughputInput } from '../processes/throughput.ts'
import { median, spread } from '../statistics.ts'
import type { Setting } from './measure.ts'

const size = { warmUp: 60, recoveries: 300, atOnce: 16 }
const quickSize = { warmUp: 1, recoveries: 4, atOnce: 2 }
const peerFolder = fileURLToPath(new URL('../peer', import.meta.url))

const readVersion = (path: string): string | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version : undefined

/** @returns the version that is there, or undefined when it is not and cannot be had. */
function installPeer(report: Setting['report']): string | undefined {
  const wanted = JSON.parse(readFileSync(`${peerFolder}/package.json`, 'utf8')) as {
    dependencies: { 'better-auth': string }
  }
  const manifest = `${peerFolder}/node_modules/better-auth/package.json`
  if (readVersion(manifest) === wanted.dependencies['better-auth']) return readVersion(manifest)
  report('installing better-auth into bench/peer ...')
  const args = ['ci', '--prefix', peerFolder, '--ignore-scripts', '--omit=optional', '--omit=peer']
  try {
    execFileSync('npm', args, { cwd: peerFolder, stdio: 'ignore' })
    return readVersion(manifest)
  } catch {
    return undefined
  }
}

async function* measurePeer({ report, measuredBefore }: Setting): AsyncGenerator<Measured> {
  const version = installPeer(report)
  if (version === undefined) {
    report(
      'SKIPPED peer_recoveries_per_second, peer_cpu_ms: better-auth cannot be installed here (npm ci failed).',
    )
    return
  }
  const { cpuMs, perSecond } = await measureIn<PeerResult>('../peer/flow.ts', size satisfies PeerInput)
  const own = measuredBefore('cpu_ms')
  const remark = `better-auth ${version}, SQLite in memory, same argon2, no ledger, no messages: ${spread(cpuMs)} ms`
  yield measured('peer_recoveries_per_second', perSecond, '/s')
  // Ahead in CPU per recovery: the peer needs at least what this service does.
  yield measured('peer_cpu_ms', median(cpuMs), 'ms', own === undefined ? {} : { least: own }, remark)
}

/** One after the other, so that neither has the other's load on its cores. */
export async function* measureThroughput(setting: Setting): AsyncGenerator<Measured> {
  const input: ThroughputInput = { paths: setting.pathsOf(), ...(setting.quick ? quickSize : size) }
  const own = await measureIn<number>('./throughput.ts', input)
  const remark = `${size.atOnce} at once on ${availableParallelism()} cores, which the emulated services and the database share`
  yield measured('recoveries_per_second', own, '/s', {}, remark)
  // Another project's packages would have to be installed for it.
  if (!setting.quick) yield* measurePeer(setting)
}
