import { expect, test } from 'vitest'
import { describeProblem } from '#local/problem.ts'
import { framesOf } from '#shared/call/frames.ts'

const secret = 'hunter2-482915'

test.each([
  `first\n${secret}\nthird`,
  `first\n    at ${secret} (file:///a.ts:1:2)`,
  `    at ${secret}\n    at ${secret}:3:4`,
  `x\n    at ${secret}\n\n`,
])('no line of the message %j is taken for a place', (message) => {
  const error = new Error(message)
  const frames = framesOf(error, 3)
  expect(frames[0]).toContain('frames.test.ts')
  expect(frames.length).toBeLessThanOrEqual(3)
  expect(`${frames.join()} ${describeProblem(error)}`).not.toContain('hunter2')
  const { stack } = error
  const changed = Object.assign(error, { message: 'changed after its stack was written', stack })
  expect(framesOf(changed, 3)).toEqual([])
})

test('an error that was made without a message has its place', () => {
  const error = new Error()
  const { stack } = error
  for (const message of ['', 'said later'])
    expect(framesOf(Object.assign(error, { message, stack }), 3)[0]).toContain('frames.test.ts')
})

test('a stack that names no place gives none', () => {
  for (const stack of [
    '',
    secret,
    `Error: x\n    at ${secret}`,
    `Error: x\n${secret}:1:2`,
    `Error: y\n    at ${secret} (/a:1:2)`,
  ])
    expect(framesOf(Object.assign(new Error('x'), { stack }), 3)).toEqual([])
  expect(framesOf(Object.assign(new Error('x'), { stack: undefined }), 3)).toEqual([])
})

test('frames without a name, of Node itself and awaited ones are taken, each on its own', () => {
  const places = [
    '    at file:///home/a b/step.ts:1:2',
    '    at async Promise.all (index 0)',
    '    at async run (/var/task/index.mjs:10:20)',
    '    at node:internal/process/task_queues:105:5',
  ]
  const error = Object.assign(new Error('x'), { stack: `Error: x\n${places.join('\n')}` })
  expect(framesOf(error, 9)).toEqual([
    'at file:///home/a b/step.ts:1:2',
    'at async run (/var/task/index.mjs:10:20)',
    'at node:internal/process/task_queues:105:5',
  ])
})
