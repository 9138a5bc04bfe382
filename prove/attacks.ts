/** Each attack that the design names fails here, and succeeds on a version of the product that is naive against it. */
import { measured } from '../bench/figures.ts'
import type { Attack } from './attacks/attack.ts'
import { copyWith, removeCopy } from './attacks/copy.ts'
import { type Outcome, runTests } from './attacks/run-tests.ts'
import { attacks, honest } from './attacks/table.ts'
import type { Proof } from './proof.ts'

/** What is wrong with a run on the naive version, or undefined. */
function complaint(
  attack: Attack,
  honestly: Outcome | undefined,
  outcomes: readonly Outcome[],
): string | undefined {
  if (honestly !== 'passed') return `honest use is ${honestly} on the naive version`
  const other = attack.tests.filter((_, place) => outcomes[place] !== 'failed')
  return other.length === 0 ? undefined : `not failed: ${other.map(({ title }) => title).join('; ')}`
}

/** @returns how long it took, in seconds, and the complaint */
async function tryNaive(
  attack: Attack,
): Promise<{ readonly wrong: string | undefined; readonly seconds: number }> {
  const began = performance.now()
  const folder = copyWith(attack.edits)
  try {
    const [honestly, ...outcomes] = await runTests(folder, [honest, ...attack.tests])
    return { wrong: complaint(attack, honestly, outcomes), seconds: (performance.now() - began) / 1000 }
  } finally {
    removeCopy(folder)
  }
}

async function tryReal(wanted: readonly Attack[]): Promise<readonly string[]> {
  const tests = [...new Map(wanted.flatMap(({ tests }) => tests).map((test) => [test.title, test])).values()]
  const folder = copyWith([])
  try {
    const outcomes = await runTests(folder, [honest, ...tests])
    return [honest, ...tests].filter((_, place) => outcomes[place] !== 'passed').map(({ title }) => title)
  } finally {
    removeCopy(folder)
  }
}

export const proof: Proof = {
  about:
    'Every named attack: its test passes on the product and fails on a version that is naive against it.',
  options: { only: { type: 'string' } },
  async *run({ only }, report) {
    const wanted = attacks.filter(({ name }) => typeof only !== 'string' || name.includes(only))
    const failing = await tryReal(wanted)
    for (const title of failing) report(`fails on the product: ${title}`)
    yield measured('attacks.failing_on_product', failing.length, 'tests', { most: 0 })
    let caught = 0
    for (const attack of wanted) {
      const { wrong, seconds } = await tryNaive(attack)
      if (wrong === undefined) caught += 1
      report(`${wrong === undefined ? 'caught' : 'MISSED'} ${attack.name} (${seconds.toFixed(0)} s)`)
      if (wrong !== undefined) report(`       ${wrong}`)
    }
    yield measured('attacks.caught_on_naive', caught, `of ${wanted.length}`, {
      least: Math.max(1, wanted.length),
    })
  },
}
