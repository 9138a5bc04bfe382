/** `latchkey doctor` of a stage whose messages are sent by functions of the team's. */
import { expect, test, vi } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'
import { latchkey } from './command-line.ts'

const world = useWorld({ sender: () => undefined })

test('SES and SNS are nothing that such a stage waits for: their sandboxes and outages are no finding', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  await world.advance(300)
  for (const service of ['ses', 'sns'] as const)
    world.stack.services.faults.post({ service, mode: 'fail-before', count: 1000 })
  const { code, stdout } = await latchkey(['doctor', '--local', new URL(world.url).port])
  expect([code, stdout.split('\n').filter((line) => !line.startsWith('ok'))]).toEqual([0, ['']])
  expect(stdout).toContain('ok     email\nok     SMS\n')
})
