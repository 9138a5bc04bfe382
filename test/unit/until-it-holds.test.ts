import { expect, test } from 'vitest'
import { Unavailable } from '#shared/aws/unavailable.ts'
import { times, untilItHolds } from '#shared/stores/until-it-holds.ts'

test('what does not hold is done again, turn by turn, and what then holds is given', async () => {
  const made: number[] = []
  const held = await untilItHolds('It', times(4), async (turn) => {
    made.push(turn)
    return turn === 2 ? 'held' : undefined
  })
  expect(held).toBe('held')
  expect(made).toEqual([0, 1, 2])
})

test('what never holds is an outage that names it, and is done no more often than there are turns', async () => {
  const made: string[] = []
  const choices = ['below', 'last', 'below', 'last']
  const never = untilItHolds('The count', choices, async (choice) => void made.push(choice) as undefined)
  await expect(never).rejects.toThrow(new Unavailable('The count stayed contended'))
  expect(made).toEqual(choices)
})

test('what an attempt throws ends it at once', async () => {
  let made = 0
  const broken = untilItHolds('It', times(), async () => {
    made += 1
    throw new Error('broken')
  })
  await expect(broken).rejects.toThrow('broken')
  expect(made).toBe(1)
})
