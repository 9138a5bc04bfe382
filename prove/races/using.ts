/** G3 and G6: one token many times, tokens of two flows, and the end of sessions beside their use. */
import { ok, strictEqual } from 'node:assert'
import { codeOf } from '#test/support/race.ts'
import {
  askCode,
  passwordEmail,
  passwordTwoFactor,
  proofOf,
  type RecoveryFlow,
  resetSecret,
  verifyCode,
} from '#test/support/recovery.ts'
import { signIn } from '#test/support/sessions.ts'
import { epochOf } from '#test/support/stored.ts'
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import {
  counted,
  type Ground,
  type Outcome,
  type Race,
  type Reply,
  recorded,
  rush,
  rushUntilAnswered,
} from './race.ts'

async function tokenOf(world: World, flow: RecoveryFlow, person: TestIdentity) {
  const { code: otp } = await askCode(world, flow, person)
  const { body } = await verifyCode(world, flow, person, { otp })
  const name = flow.token ?? 'token'
  return { [name]: body[name] }
}

/** However many resets were sent, one changed the password, once whoever got no answer has tried again. */
async function changedOnce(
  ground: Ground,
  person: TestIdentity,
  reset: (index: number) => Promise<Reply>,
): Promise<Outcome> {
  const epoch = await epochOf(person.userId)
  const { many } = ground
  const answered = await rushUntilAnswered(ground, many, reset, ['OK', 'TOKEN_INVALID'])
  ok(counted(answered.all, 'OK') <= 1, 'one reset is answered as done')
  strictEqual(await recorded(ground, answered, 'PASSWORD_RESET', 'success'), 1, 'one entry')
  const changes = (await epochOf(person.userId)) - epoch
  return { requests: many, counted: changes, exactly: 1 }
}

const oneToken: Race = async (ground) => {
  const { world } = ground
  const person = await world.identity()
  const proof = await tokenOf(world, passwordEmail, person)
  const reset = (index: number) =>
    resetSecret(world, passwordEmail, person, proof, `Plum-Harbour-${100 + index}-Vane`)
  return changedOnce(ground, person, reset)
}

const twoFlows: Race = async (ground) => {
  const { world } = ground
  const person = await world.identity()
  const byEmail = await tokenOf(world, passwordEmail, person)
  const bySms = await tokenOf(world, passwordTwoFactor, person)
  const reset = (index: number) =>
    index % 2 === 0
      ? resetSecret(world, passwordEmail, person, byEmail, `Plum-Harbour-${100 + index}-Vane`)
      : resetSecret(world, passwordTwoFactor, person, bySms, `slate orchard ${100 + index}`)
  return changedOnce(ground, person, reset)
}

const useOf = (world: World, token: string) => world.get('/api/auth/session', { token })

/** Uses of sessions after the end of all of them was answered: none may pass, through whichever process. */
const logoutAndUse: Race = async (ground) => {
  const { world, many } = ground
  const person = await world.identity()
  const tokens = [await signIn(world, person), await signIn(world, person), await signIn(world, person)]
  const [first = ''] = tokens
  const end = () => world.post('/api/auth/logout', { everywhere: true }, { token: first })
  let answered = Number.POSITIVE_INFINITY
  const after: Reply[] = []
  await rush(ground, many, async (index) => {
    if (index === Math.floor(many / 3)) {
      const reply = await end()
      if (codeOf(reply) === 'OK') answered = performance.now()
      return reply
    }
    const started = performance.now()
    const reply = await useOf(world, tokens[index % tokens.length] ?? '')
    if (started > answered) after.push(reply)
    return reply
  })
  if (answered === Number.POSITIVE_INFINITY) ok(['OK', 'SESSION_INVALID'].includes(codeOf(await end())))
  for (const token of tokens) after.push(await useOf(world, token))
  return { requests: many + tokens.length, counted: counted(after, 'OK'), exactly: 0 }
}

/** Sign-ins with the old password beside the reset: what they opened is dead once the reset is done. */
const resetAndLogin: Race = async (ground) => {
  const { world, many } = ground
  const person = await world.identity()
  const proof = await proofOf(world, passwordEmail, person)
  const reset = () => resetSecret(world, passwordEmail, person, proof)
  const logins = Math.min(many, 40)
  const replies = await rush(ground, logins, (index) =>
    index === Math.floor(logins / 3)
      ? reset()
      : world.post(
          '/api/auth/login',
          { identifier: person.email, password: person.password },
          { ip: newIp() },
        ),
  )
  // Whether its reply was lost in the storm or not: now it is done.
  const again = codeOf(await reset())
  ok(['OK', 'OTP_INVALID'].includes(again), again)
  const opened = replies.flatMap(({ body }) => body.data?.accessToken ?? [])
  const uses = await Promise.all(opened.map((token) => useOf(world, token)))
  // By the other name: those that came too late have used up the failures of the first.
  const fresh = { identifier: person.username, password: passwordEmail.newSecret }
  strictEqual(codeOf(await world.post('/api/auth/login', fresh, { ip: newIp() })), 'OK')
  const login = { identifier: person.email, password: person.password }
  const late = await world.post('/api/auth/login', login, { ip: newIp() })
  ok(codeOf(late) === 'CREDENTIALS_INVALID' || codeOf(late) === 'RATE_LIMITED')
  return { requests: logins + opened.length, counted: counted(uses, 'OK'), exactly: 0 }
}

export const using: Readonly<Record<string, Race>> = {
  changes_by_one_token: oneToken,
  changes_by_tokens_of_two_flows: twoFlows,
  sessions_used_after_logout_everywhere: logoutAndUse,
  sessions_of_the_old_password_after_a_reset: resetAndLogin,
}
