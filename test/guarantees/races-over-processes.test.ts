/** G3, G5: what one process holds to, several hold to together. In full: npm run prove -- races. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf } from '#test/support/race.ts'
import { passwordEmail } from '#test/support/recovery.ts'
import { newIp } from '#test/support/world.ts'
import { createWorldOfProcesses, type WorldOfProcesses } from '#test/support/world-of-processes.ts'
import { asking } from '../../prove/races/asking.ts'
import type { Race } from '../../prove/races/race.ts'
import { raiseStorm, randomOf } from '../../prove/races/storm.ts'
import { using } from '../../prove/races/using.ts'

let world: WorldOfProcesses
beforeAll(async () => {
  world = await createWorldOfProcesses(2)
})
afterAll(() => world.close())

const short: Readonly<Record<string, Race | undefined>> = {
  'asks from one address': asking['asks_accepted_per_address.password-email'],
  'resets with one token': using['changes_by_one_token'],
}

test.each(Object.entries(short))(
  '%s, at once and through two gateways, in a storm: exact',
  async (_, race) => {
    if (race === undefined) throw new Error('There is no such race')
    const { faults } = world.stack.services
    const storm = () => raiseStorm(faults, randomOf(7))
    const calm = () => void faults.post({ count: 0 })
    const { counted, exactly } = await race({ world, many: 20, storm, calm })
    expect(counted).toBe(exactly)
  },
)

test('the clocks of all gateways move together: each of them takes an ask a minute later', async () => {
  const person = await world.identity()
  const answers: string[] = []
  for (let asked = 0; asked < 3; asked += 1) {
    await world.advance(61)
    answers.push(
      codeOf(await world.post(passwordEmail.request, passwordEmail.typed(person), { ip: newIp() })),
    )
  }
  expect(answers).toEqual(['OK', 'OK', 'OK'])
})
