/** G4 at length: hundreds of long random sequences over every route, and every skip that was planted to be found. */
import { AssertionError } from 'node:assert'
import { randomInt } from 'node:crypto'
import '#test/support/quiet.ts'
import { routes } from '#shared/contract/routes.ts'
import { type Held, holdToModel } from '#test/guarantees/model/hold.ts'
import { createPlantedWorld, type PlantedWorld } from '#test/guarantees/model/planted.ts'
import { type SkipId, skipIds } from '#test/guarantees/model/skips.ts'
import { type Measured, measured } from '../bench/figures.ts'
import { type Proof, type Values, wholeNumber } from './proof.ts'

interface Size {
  readonly runs: number
  readonly maxCommands: number
  readonly seed: number
}

const sizeOf = (values: Values): Size => ({
  runs: wholeNumber(values, 'sequences', 300, { least: 1, most: 100_000 }),
  maxCommands: wholeNumber(values, 'commands', 100, { least: 5, most: 1000 }),
  seed: wholeNumber(values, 'seed', randomInt(2 ** 31), { least: 0, most: 2 ** 31 - 1 }),
})

async function* hold(
  { world }: PlantedWorld,
  size: Size,
  report: (line: string) => void,
): AsyncGenerator<Measured> {
  let held: Held | undefined
  try {
    held = await holdToModel(world, { ...size, shrink: true })
  } catch (error) {
    report(error instanceof Error ? `${error.message}\n${String(error.cause)}` : String(error))
  }
  const remark = `seed ${size.seed}, at most ${size.maxCommands} commands each`
  yield measured('model.differences', held === undefined ? 1 : 0, '', { most: 0 }, remark)
  if (held === undefined) return
  yield measured('model.sequences', size.runs, '')
  yield measured('model.calls_done', held.calls, '')
  yield measured('model.credentials_changed', held.changes, '', { least: size.runs })
  const missed = Object.keys(routes).filter((route) => !held.reached.has(route as keyof typeof routes))
  const unreached = missed.length === 0 ? {} : `never done: ${missed.join(', ')}`
  const reached = measured('model.routes_done', held.reached.size, '', { least: Object.keys(routes).length })
  yield typeof unreached === 'string' ? { ...reached, remark: unreached } : reached
}

/** A skip that so many sequences do not show counts as unseen. */
const mostForASkip = 150
/** A run that a busy machine broke off says nothing: it is done again, from another seed. */
const mostAttempts = 3

interface Seen {
  readonly found: boolean
  readonly sentence: string
}

/** @returns whether the skip shows, and where; or that it does not, or that no run of it came to its end */
async function seen({ world, plant }: PlantedWorld, skip: SkipId, size: Size): Promise<Seen> {
  plant(skip)
  let broken = ''
  try {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const error = await holdToModel(world, { ...size, seed: size.seed + attempt }).then(
        () => undefined,
        (thrown: Error) => thrown,
      )
      if (error?.cause instanceof AssertionError) return { found: true, sentence: sentenceOf(error) }
      if (error === undefined) return { found: false, sentence: `NOT FOUND in ${size.runs} sequences` }
      broken = String(error.cause ?? error).split('\n', 1)[0] ?? ''
    }
    return { found: false, sentence: `not judged: each of ${mostAttempts} runs was broken off, by ${broken}` }
  } finally {
    plant(undefined)
  }
}

function sentenceOf({ message, cause }: Error): string {
  const after = /Property failed after (\d+) tests/.exec(message)?.[1]
  const [reason = ''] = (cause as Error).message.split('\n')
  return `in sequence ${after ?? '?'}: ${reason.replace(/: \{.*\}/, '')}`
}

async function* findSkips(
  planted: PlantedWorld,
  size: Size,
  report: (line: string) => void,
): AsyncGenerator<Measured> {
  let found = 0
  for (const skip of skipIds) {
    const { found: isFound, sentence } = await seen(planted, skip, size)
    report(`${skip}: ${sentence}`)
    if (isFound) found += 1
  }
  yield measured('model.skips_found', found, `of ${skipIds.length}`, { least: skipIds.length })
}

export const proof: Proof = {
  about:
    'Random sequences of calls on every route, with clock moves and faults, against a reference; and planted skips.',
  options: { sequences: { type: 'string' }, commands: { type: 'string' }, seed: { type: 'string' } },
  async *run(values, report) {
    const size = sizeOf(values)
    report(`seed ${size.seed}`)
    const planted = await createPlantedWorld()
    try {
      yield* findSkips(planted, { ...size, runs: Math.max(mostForASkip, size.runs) }, report)
      yield* hold(planted, size, report)
    } finally {
      await planted.world.close()
    }
  },
}
