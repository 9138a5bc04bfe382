/** A reset while the breach service fails. What the other services do to it is tried in G7. */
import { expect, test } from 'vitest'
import { entriesOf } from '#test/support/entries.ts'
import { withFault } from '#test/support/faults.ts'
import { passwordEmail, proofOf, resetSecret } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld()

test.each(['fail-before', 'throttle'] as const)(
  'without the breach service (%s) the reset goes on, and the entry says so',
  async (mode) => {
    const person = await world.identity()
    const proof = await proofOf(world, passwordEmail, person)
    const fault = { function: 'reset-password', service: 'hibp', mode } as const
    const reply = await withFault(world, fault, () => resetSecret(world, passwordEmail, person, proof))
    expect(reply.status).toBe(200)
    expect((await entriesOf(world, person.userId)).at(-1)).toMatchObject({
      type: 'PASSWORD_RESET',
      outcome: 'success',
      breachCheck: 'skipped',
    })
  },
)
