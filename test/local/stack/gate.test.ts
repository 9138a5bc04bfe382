import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Gate } from '#local/gate.ts'

test('what must be alone waits for all that went in before, and holds all that comes after', async () => {
  const gate = new Gate()
  const seen: string[] = []
  const step = (name: string, ms: number) => async () => {
    seen.push(`${name} begins`)
    await sleep(ms)
    seen.push(`${name} ends`)
  }
  await Promise.all([
    gate.pass(step('a', 20)),
    gate.pass(step('b', 10)),
    gate.alone(step('alone', 10)),
    gate.pass(step('c', 1)),
  ])
  expect(seen).toEqual([
    'a begins',
    'b begins',
    'b ends',
    'a ends',
    'alone begins',
    'alone ends',
    'c begins',
    'c ends',
  ])
})

test('what fails opens the gate all the same', async () => {
  const gate = new Gate()
  const fail = () => Promise.reject(new Error('no'))
  await expect(gate.pass(fail)).rejects.toThrow('no')
  await expect(gate.alone(fail)).rejects.toThrow('no')
  expect(await gate.pass(async () => 'in')).toBe('in')
  expect(await gate.alone(async () => 'alone')).toBe('alone')
})
