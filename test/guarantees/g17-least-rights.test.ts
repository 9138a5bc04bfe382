/** G17: what a function could do if it turned ends at the items its step is about. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runInvocation } from '#local/services/attribution.ts'
import { type StepId, workers } from '#shared/contract/routes.ts'
import { generateMac } from '#shared/crypto/kms.ts'
import { subjectKey } from '#shared/domain/subject.ts'
import { settings } from '#shared/settings.ts'
import * as database from '#shared/stores/database.ts'
import { useWorld } from '#test/support/use-world.ts'
import type { TestIdentity } from '#test/support/world.ts'
import { access } from '../../infra/access.ts'
import { people } from '../../infra/people-access.ts'
import { type CapabilityId, isTakeover, reachOf, whoCould } from '../../infra/reach.ts'
import type { Access } from '../../infra/rights.ts'
import type { FunctionId } from '../../infra/roles.ts'

const world = useWorld()
// Each refusal is told on the console.
beforeAll(() => void vi.spyOn(console, 'error').mockReturnValue())
afterAll(() => void vi.restoreAllMocks())

type Writes = (db: typeof database) => Promise<unknown>

/** Does it with the credentials of a function, as whoever had taken it over. */
const as = (name: FunctionId, write: Writes) =>
  runInvocation({ function: name, requestId: 'turned' }, () => write(database))
const denied = { cause: { name: 'AccessDeniedException' } }

/** The same call is let through where it is no function's: it is refused for want of rights, and of nothing else. */
async function refused(names: readonly FunctionId[], write: Writes): Promise<void> {
  for (const name of names) await expect(as(name, write), name).rejects.toMatchObject(denied)
  await write(database)
}

const all = Object.keys(access) as FunctionId[]
const allBut = (...names: readonly FunctionId[]) => all.filter((name) => !names.includes(name))
const set = (values: object) =>
  `SET ${Object.keys(values)
    .map((name) => `#${name} = :${name}`)
    .join(', ')}`

describe('a function that turned', () => {
  const challengePk = (person: TestIdentity) =>
    `C#password-email#${subjectKey({ kind: 'email', value: person.email })}`
  const bound = { userId: 'u-victim', epoch: 1, address: 'victim@example.com' }

  it('writes no reset token of anyone, unless its step makes tokens', async () => {
    const token = { ...bound, challengeId: 'f0', expiresAt: Date.now() + 600_000, tokenHash: 'h' }
    const { putOne, updateOne } = database
    await refused(allBut('reset-password', 'reset-pin'), () =>
      updateOne('challenges', { pk: 'V#f0' }, set(token), { values: token }),
    )
    await refused(allBut('verify-code'), () => putOne('challenges', { pk: 'V#f0', ...token }))
  })

  it('writes no verified challenge, unless its step verifies or uses them', async () => {
    const item = { pk: 'V#f0', ...bound, state: 'VERIFIED', triesFlow: 0, triesOpen: 0 }
    await refused(allBut('verify-code'), (db) => db.putOne('challenges', item))
    const { pk, ...values } = item
    await refused(allBut('reset-password', 'reset-pin'), (db) =>
      db.updateOne('challenges', { pk }, set(values), { values }),
    )
  })

  it('turns no challenge to somebody else, nor reads one, unless its step is about codes of that flow', async () => {
    const person = await world.identity()
    await world.post('/auth/request-password-reset', { email: person.email })
    await refused(allBut('request-code', 'verify-code', 'reset-password', 'deliver'), (db) =>
      db.updateOne('challenges', { pk: challengePk(person) }, set(bound), { values: bound }),
    )
    await refused(allBut('request-code', 'verify-code', 'reset-password', 'deliver'), (db) =>
      db.updateOne('challenges', { pk: challengePk(person) }, 'ADD looked :one', { values: { one: 1 } }),
    )
  })

  it('writes no session, and no factor into one, unless its step opens sessions or proves factors', async () => {
    const key = { userId: 'u-victim', sessionId: 'forged' }
    const session = { secretHash: 'h', credentialEpoch: 1, sessionEpoch: 1, factors: [], expiresAt: 9e15 }
    await refused(allBut(), (db) => db.updateOne('sessions', key, set(session), { values: session }))
    await refused(allBut('login', 'verify-login'), (db) => db.putOne('sessions', { ...key, ...session }))
    const factors = { factors: [{ group: 'POSSESSION', method: 'sms-otp' }] }
    await refused(allBut('verify-pin', 'verify-step-up'), (db) =>
      db.updateOne('sessions', key, set(factors), { values: factors }),
    )
  })

  it('orders no message, unless its step tells people something', async () => {
    const row = {
      pk: 'S#x',
      sk: 'made-up#1',
      createdAt: 1,
      kind: 'message',
      message: { template: 'passwordChanged' },
    }
    const tell = all.filter((name) => reachOf(access[name]).includes('message'))
    expect(tell).not.toContain('get-session')
    expect(tell).not.toContain('accept-consent')
    await refused(allBut(...tell), (db) => db.putOne('notices', row))
    await refused(allBut(), (db) => db.putOne('outbox', row))
    await refused(allBut(), (db) => db.putOne('outbox', { ...row, order: {}, event: {} }))
  })

  it('changes nothing of a session but the time of its use, where its step only reads it', async () => {
    const { noteOne } = database
    const key = { userId: 'u-victim', sessionId: 's' }
    for (const name of [
      'get-session',
      'list-sessions',
      'set-pin',
      'accept-consent',
      'request-step-up',
    ] as const) {
      await expect(
        as(name, () => noteOne('sessions', key, 'SET lastUsedAt = :now', { values: { now: 1 } })),
      ).resolves.toBe(true)
      for (const attribute of ['secretHash', 'factors', 'credentialEpoch', 'sessionEpoch', 'expiresAt'])
        await expect(
          as(name, () => noteOne('sessions', key, `SET ${attribute} = :now`, { values: { now: 1 } })),
        ).rejects.toMatchObject(denied)
    }
  })

  it('uses no key that is not its own', async () => {
    const mac = () => generateMac(settings().KEY_CREDENTIAL, 'password', ['u-victim'])
    await refused(['get-session', 'request-code', 'verify-code', 'deliver', 'watch-sms'], mac)
  })
})

describe('the rights', () => {
  const serving = all.filter((name) => !(workers as readonly string[]).includes(name)) as StepId[]
  const servingThatCould = (id: CapabilityId) =>
    whoCould(id).filter((name) => (serving as string[]).includes(name))

  it('let no step forge a token or link, but the one that makes tokens', () => {
    expect(servingThatCould('token')).toEqual([])
    expect(servingThatCould('link')).toEqual([])
    expect(whoCould('link')).toEqual(['notify'])
  })

  it('let nobody make the MAC of a code but the sender, and find one out but who judges them', () => {
    expect(whoCould('code')).toEqual(['deliver'])
    expect(whoCould('pinCode')).toEqual(['deliver'])
    expect(whoCould('search')).toEqual(['verify-code', 'reset-password', 'verify-login', 'deliver'])
  })

  it('let a credential be replaced by those alone whose step it is', () => {
    expect(whoCould('password')).toEqual([
      'reset-password',
      'login',
      'change-password',
      'put-identity',
      'importer',
    ])
    expect(whoCould('pin')).toEqual(['reset-pin', 'set-pin', 'verify-pin', 'put-identity', 'importer'])
    expect(whoCould('session')).toEqual(['login', 'verify-login'])
    expect(whoCould('address')).toEqual(['put-identity', 'importer'])
  })

  it('let no role of people write an identity or make a seal but the one that imports', () => {
    const changing: readonly string[] = ['PutItem', 'UpdateItem', 'DeleteItem']
    const writing = Object.entries<Access>(people).filter(([, each]) =>
      (each.tables?.identities ?? []).some(({ actions }) =>
        actions.some((action) => changing.includes(action)),
      ),
    )
    const sealing = Object.entries<Access>(people).filter(([, { keys = {} }]) =>
      Object.values(keys).some((actions) => actions.includes('GenerateMac')),
    )
    expect([writing, sealing].map((found) => found.map(([id]) => id))).toEqual([['importer'], ['importer']])
    for (const id of ['auditor', 'support', 'operator'] as const)
      expect(reachOf(people[id]).filter(isTakeover)).toEqual([])
  })

  it('let seven of the functions take over anyone, where whole tables let twenty-seven', () => {
    expect(all.filter((name) => reachOf(access[name]).some(isTakeover))).toEqual([
      ...['verify-code', 'reset-password', 'login', 'verify-login'],
      ...['change-password', 'put-identity', 'deliver'],
    ])
    expect(all.length).toBeGreaterThan(30)
  })

  it('let those who check sessions for a team read them and note their use, and no more', () => {
    for (const name of ['introspect-session', 'authorize'] as const)
      expect(reachOf(access[name])).toEqual(['identity'])
  })

  it('let the ledger be appended to, signed for and sent from by one function each', () => {
    expect(whoCould('append')).toEqual(['append-ledger'])
    expect(whoCould('sign')).toEqual(['seal-ledger'])
    expect(whoCould('send')).toEqual(['deliver', 'notify'])
  })
})
