/** G14: whichever call of whichever step fails, nothing is lost, halved or done twice. Each of them: `npm run prove -- faults`. */
import { expect, test } from 'vitest'
import { type RouteId, routeOf, routes, type StepId } from '#shared/contract/routes.ts'
import { policy } from '#shared/policy.ts'
import { faultCases } from '#test/support/fault-cases/index.ts'
import { tryStep } from '#test/support/fault-run.ts'
import { askCode, passwordEmail } from '#test/support/recovery.ts'
import { useWorld } from '#test/support/use-world.ts'

// The breach service is made slow here: as long as it is waited for when deployed.
const world = useWorld({ settings: { HIBP_TIMEOUT_MS: String(policy.breachCheckTimeoutMs) } })

const credentialSteps = ['reset-password', 'reset-pin', 'set-pin', 'change-password', 'not-me'] as const
const steps = new Set(Object.keys(routes).map((id) => routeOf(id as RouteId).step as StepId))
/** Those that replace a credential are tried in G7. */
const others = [...steps].filter((step) => !credentialSteps.some((own) => own === step))

test.each(others)('%s: whichever call fails, nothing is lost, halved or done twice', (step) =>
  tryStep(world, step, faultCases(world)[step]),
)

test('without the breach service a password is taken, and the entry says that it was not checked', async () => {
  const person = await world.identity()
  const { code } = await askCode(world, passwordEmail, person)
  world.stack.services.faults.post({ service: 'hibp', mode: 'slow', delayMs: 3000, count: 1 })
  const body = { email: person.email, otp: code, newPassword: passwordEmail.newSecret }
  expect((await world.post(passwordEmail.reset, body)).status).toBe(200)
  const reset = (await world.ledger(person.userId)).find(({ type }) => type === 'PASSWORD_RESET')
  expect(reset).toMatchObject({ outcome: 'success', breachCheck: 'skipped' })
})
