import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '#test/support/world.ts'
import { type Access, access } from '../../infra/access.ts'
import { setUpFunction } from '../../infra/roles.ts'
import { runEverything } from './full-run.ts'
import { recordCalls } from './recorded-calls.ts'

/** What a function may do that no run without faults makes it do. */
const unseen: Readonly<Record<string, string>> = {
  'accept-consent: GetItem identities':
    'reads again after somebody else changed the identity at the same moment',
  'seal-ledger: GetObject bucket': 'takes over the checkpoint of a sealer that died',
  'seal-ledger: ListBucket bucket': 'lets S3 say that an object is missing instead of forbidden',
  'seal-ledger: GetPublicKey checkpoint': 'checks a checkpoint that it takes over',
  'sentinel: PutItem challenges': 'nobody touches the ledger here',
  'sentinel: PutItem outbox': 'nobody touches the ledger here',
  'sweep-outbox: UpdateItem outbox': 'no row is left over here',
  'watch-sms: UpdateItem challenges': 'no country has to be paused here',
}

const permissionsOf = ({ tables = {}, keys = {}, bucket = [], sends = [] }: Access): string[] => [
  ...Object.entries({ ...tables, ...keys }).flatMap(([name, actions]) =>
    actions.map((action) => `${action} ${name}`),
  ),
  ...bucket.map((action) => `${action} bucket`),
  ...sends.map((channel) => `send ${channel}`),
]

const allowed = Object.entries(access)
  .filter(([id]) => id !== setUpFunction)
  .flatMap(([id, each]) => permissionsOf(each).map((permission) => `${id}: ${permission}`))

let world: World
let used: Set<string>

beforeAll(async () => {
  world = await createWorld()
  const recording = recordCalls()
  await runEverything(world)
  recording.stop()
  used = new Set(
    recording.calls.flatMap((call) =>
      call.permissions.map((permission) => `${call.function}: ${permission}`),
    ),
  )
}, 300_000)
afterAll(() => world.close())

it('every call that a function makes is one it may make when deployed', () => {
  expect([...used].filter((permission) => !allowed.includes(permission)).sort()).toEqual([])
})

it('no function may do more than a full run makes it do, but for what is named here', () => {
  const unused = allowed.filter((permission) => !used.has(permission))
  expect(unused.sort()).toEqual(Object.keys(unseen).sort())
})
