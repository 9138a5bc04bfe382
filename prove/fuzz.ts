/** `npm run prove -- fuzz`: G13 against tens of thousands of requests, valid, malformed and no HTTP at all. */
import '#test/support/quiet.ts'
import { createWorld } from '#test/support/world.ts'
import { type Measured, measured } from '../bench/figures.ts'
import { fuzz } from './fuzz/storm.ts'
import { manyUnverified } from './http/stack.ts'
import { type Proof, type Values, wholeNumber } from './proof.ts'

const stormSize = 3000

async function* run(values: Values, report: (line: string) => void): AsyncGenerator<Measured> {
  const requests = wholeNumber(values, 'requests', 50_000, { least: 1000, most: 10_000_000 })
  const seed = wholeNumber(values, 'seed', Date.now() % 2 ** 31, { least: 0, most: 2 ** 31 })
  const path = typeof values['path'] === 'string' ? { path: values['path'] } : {}
  report(`seed ${seed}`)
  const world = await createWorld({ settings: manyUnverified })
  const start = performance.now()
  try {
    const tally = await fuzz(world, { requests, stormSize, seed, ...path, report })
    const seconds = (performance.now() - start) / 1000
    const answers = [...tally.answers]
      .sort(([, a], [, b]) => b - a)
      .map(([answer, count]) => `${count} ${answer}`)
    yield measured('fuzz.requests', tally.requests, 'requests', { least: requests }, answers.join(', '))
    yield measured(
      'fuzz.malformed',
      tally.malformed,
      'requests',
      { least: requests / 2 },
      'none changed anything',
    )
    yield measured('fuzz.codes_still_good', tally.codesStillGood, 'recoveries', { least: tally.storms })
    yield measured(
      'fuzz.dead_letters',
      (await world.get<unknown[]>('/_local/dead-letters')).body.length,
      '',
      { most: 0 },
    )
    yield measured('fuzz.requests_per_second', tally.requests / seconds, '/s', {}, `seed ${seed}`)
  } finally {
    await world.close()
  }
}

export const proof: Proof = {
  about:
    'Malformed requests are refused as the OpenAPI document says and change nothing; each reply is held to the document (G13).',
  options: { requests: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
  run,
}
