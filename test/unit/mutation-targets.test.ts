/** Mutants that may live, with their reasons: of files that are mutated, for a reason of a file that is gone hides nothing but itself. */
import { expect, test } from 'vitest'
import { accepted } from '../../prove/mutation/accepted.ts'
import { mutatedFiles } from '../../prove/mutation/targets.ts'

test('each mutant that may live is of a file that is mutated', () => {
  const files = mutatedFiles()
  const named = accepted.flatMap(({ mutants }) => mutants.map((mutant) => mutant.split(': ', 1)[0] ?? ''))
  expect(named.filter((file) => !files.has(file))).toEqual([])
})
