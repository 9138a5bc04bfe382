/** Strangers who know an address or a number, and close what can be closed with that over the API. */
import { refAlphabet } from '#shared/contract/references.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import type { Recovery } from './recoveries.ts'

const hourlyCodes = 5

/** How a recovery is asked for, and a code tried, by what anybody may know. */
const routes = (name: Recovery['name'], { email, username, phone }: TestIdentity) => {
  const pair = { identifier: username, phone }
  const ways = {
    'password by email': ['/auth/request-password-reset', '/auth/verify-password-reset-otp', { email }, {}],
    'password by phone': ['/api/password-reset/request', '/api/password-reset/verify-otp', pair, {}],
    PIN: ['/api/pin/reset/request', '/api/pin/reset', { phone }, { newPin: '592846' }],
  } as const
  return ways[name]
}

/** Has a code sent and uses up its tries, those with its `flowId` too. */
export async function askAndUseUp(world: World, recovery: Recovery, person: TestIdentity): Promise<void> {
  const [ask, guess, who, more] = routes(recovery.name, person)
  const asked = await world.post(ask, who, { ip: newIp() })
  if (asked.status !== 200) throw new Error(`The stranger was refused: ${JSON.stringify(asked.body)}`)
  // A code that is not there yet cannot be right by chance.
  const code = await world.lastCode(recovery.address(person))
  const otp = code === '000000' ? '000001' : '000000'
  for (const flow of [{}, { flowId: asked.body.data.flowId }])
    for (let tries = 0; tries < recovery.tries; tries += 1)
      await world.post(guess, { ...who, ...more, ...flow, otp })
}

/** All codes of an hour, and the tries of each. The newest one still lives. */
export async function useUpHour(world: World, recovery: Recovery, person: TestIdentity): Promise<void> {
  for (let codes = 0; codes < hourlyCodes; codes += 1) {
    await askAndUseUp(world, recovery, person)
    await world.advance(61)
  }
}

/** The reference in the newest message. */
export async function lastReference(world: World, to: string): Promise<string> {
  await world.idle()
  const text =
    world
      .messages(to)
      .at(-1)
      ?.text.replace(/\p{Cf}/gu, '') ?? ''
  const reference = new RegExp(`(?<![\\w-])[${refAlphabet}]{4}(?=[).])`).exec(text)?.[0]
  if (reference === undefined) throw new Error(`No reference in: ${text}`)
  return reference
}
