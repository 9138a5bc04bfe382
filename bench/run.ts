/** `npm run bench`: measures what the agreement puts a number on, and says whether each is reached. */
import { writeFileSync } from 'node:fs'
import { steps } from '../infra/steps.ts'
import { workers } from '../shared/contract/routes.ts'
import { makeBundles } from './bundles.ts'
import { lineOf, type Measured } from './figures.ts'
import { machine, versions } from './machine.ts'
import { countAwsCalls } from './measures/aws-calls.ts'
import { measureColdStart } from './measures/cold-start.ts'
import { measureCpu } from './measures/cpu.ts'
import { measureLedger } from './measures/ledger.ts'
import type { Measure, Setting } from './measures/measure.ts'
import { countRecovery } from './measures/recovery-bill.ts'
import { measureThroughput } from './measures/throughput.ts'
import { measureTiming } from './measures/timing.ts'
import { isWanted, type Options, readOptions, usage } from './options.ts'

const measures: readonly Measure[] = [
  { names: ['cpu_ratio', 'cpu_ms'], run: measureCpu },
  { names: ['aws_calls'], run: countAwsCalls },
  { names: ['cold_start_ratio', 'bundle_kb_max'], run: measureColdStart },
  {
    names: ['recoveries_per_second', 'peer_recoveries_per_second', 'peer_cpu_ms'],
    run: measureThroughput,
  },
  { names: ['ledger_append_per_second', 'ledger_verify_per_second'], run: measureLedger },
  { names: ['auc'], run: measureTiming },
  {
    names: ['aws_calls_total', 'write_units', 'kms_calls', 'sms_parts', 'usd_per_million'],
    run: countRecovery,
  },
]

const report = (line: string) => process.stderr.write(`${line}\n`)

/** A measure runs if any of its figures is wanted, or any figure of one of its groups. */
function isAsked({ names }: Measure, { only }: Options): boolean {
  return names.some(
    (name) => isWanted(name, only) || only?.some((wanted) => wanted.startsWith(`${name}.`)) === true,
  )
}

/** Written anew with every figure, so that a run which is broken off leaves what it has. */
function writeJson({ json }: Options, all: readonly Measured[]): void {
  if (json === undefined) return
  const figures = all.map(({ figure }) => figure)
  writeFileSync(json, `${JSON.stringify({ machine: machine(), versions: versions(), figures }, null, 2)}\n`)
}

async function measureAll(options: Options): Promise<Measured[]> {
  const bundles = await makeBundles()
  const all: Measured[] = []
  const setting: Setting = {
    sizes: bundles.sizes,
    pathOf: bundles.pathOf,
    pathsOf: () => Object.fromEntries([...steps, ...workers].map((id) => [id, bundles.pathOf(id)])),
    pairs: options.pairs,
    quick: options.quick,
    wants: (name) => isWanted(name, options.only),
    measuredBefore: (name) => all.find(({ figure }) => figure.name === name)?.figure.value,
    report,
  }
  try {
    for (const measure of measures.filter((each) => isAsked(each, options))) {
      report(`measuring ${measure.names.join(', ')} ...`)
      for await (const each of measure.run(setting)) {
        if (!setting.wants(each.figure.name)) continue
        all.push(each)
        process.stdout.write(options.quick ? `ran  ${each.figure.name}\n` : `${lineOf(each)}\n`)
        writeJson(options, all)
      }
    }
  } finally {
    bundles.close()
  }
  return all
}

/** Figures and groups of which a whole run gave none; the peer's need what may not be had. */
const absentOf = (found: readonly string[]) =>
  measures
    .flatMap(({ names }) => names)
    .filter((name) => !name.startsWith('peer_') && !found.some((each) => isWanted(each, [name])))

function optionsOrUsage(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`)
    process.exitCode = 2
    return undefined
  }
}

const options = optionsOrUsage()
if (options !== undefined) {
  const found = await measureAll(options)
  const figures = found.map(({ figure }) => figure)
  if (found.length === 0) {
    process.stderr.write(`There is no such figure.\n${usage}\n`)
    process.exitCode = 2
  }
  const broken = figures.filter(({ value }) => !Number.isFinite(value)).map(({ name }) => name)
  const absent = options.only === undefined ? absentOf(figures.map(({ name }) => name)) : []
  if (broken.length + absent.length > 0) {
    process.stderr.write(`Not measured: ${[...broken, ...absent].join(', ')}\n`)
    process.exitCode = 1
  }
  const missed = options.quick ? [] : figures.filter(({ ok }) => !ok)
  if (missed.length > 0) process.stderr.write(`Not reached: ${missed.map(({ name }) => name).join(', ')}\n`)
}
