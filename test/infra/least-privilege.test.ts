import { beforeAll, expect, it } from 'vitest'
import { flows } from '#shared/contract/flows.ts'
import { type Route, routes } from '#shared/contract/routes.ts'
import { holdEventsToSchemas } from '#test/support/published.ts'
import { useWorld } from '#test/support/use-world.ts'
import { access } from '../../infra/access.ts'
import { covers, type ItemUse, mayUse } from '../../infra/judge.ts'
import type { Access, TableAction, TableRight } from '../../infra/rights.ts'
import { setUpFunction } from '../../infra/roles.ts'
import { runEverything } from './full-run.ts'
import { type RecordedCall, recordCalls } from './recorded-calls.ts'

/** The register of each flow that a step resets. */
const resets = (step: 'reset-password' | 'reset-pin') =>
  Object.values<Route>(routes)
    .filter((route) => route.step === step && route.flow && route.codes.includes('TRIES_EXHAUSTED'))
    .map((route) => `${step}: GetItem challenges C#${route.flow}#`)

/** What a function may do that no run without faults makes it do. */
const unseen: Readonly<Record<string, string>> = {
  'accept-consent: GetItem identities U#':
    'reads again after somebody else changed the identity at the same moment',
  ...Object.fromEntries(
    Object.keys(flows).map((flow) => [
      `deliver: ConditionCheckItem challenges C#${flow}#`,
      'asks again whether the challenge is bound, where a budget refused it',
    ]),
  ),
  'deliver: DeleteItem outbox': 'moves a notice that the version before wrote there',
  'deliver: PutItem notices {createdAt,kind,message}': 'moves a notice that the version before wrote there',
  'notify: ConditionCheckItem notices': 'asks whether a notice that was leased before is still to be sent',
  'deliver: ConditionCheckItem outbox': 'asks whether an order that was bound before is still to be sent',
  ...Object.fromEntries(
    ['request-code', 'request-code-for-pair'].map((step) => [
      `${step}: UpdateItem challenges F#`,
      'notes a freeze that no guess has met first',
    ]),
  ),
  'change-password: ConditionCheckItem challenges L#': 'asks again whether the password is locked',
  'change-password: DeleteItem sessions': 'ends a session that tries too many known passwords',
  'login: ConditionCheckItem challenges L#': 'asks again whether the password is locked',
  'login: UpdateItem identities U# .breachCheckDue': 'no breach check is due here',
  'login: UpdateItem identities U# .resetRequired': 'no breach check is due here, so none finds anything',
  ...Object.fromEntries(
    ['E#', 'N#', 'P#'].map((prefix) => [
      `put-identity: GetItem identities ${prefix}`,
      'asks which identifier is taken, where one is',
    ]),
  ),
  ...Object.fromEntries(
    [...resets('reset-password'), ...resets('reset-pin')].map((right) => [
      right,
      'tells when a new code may be asked for, once refusals of new secrets spent the code',
    ]),
  ),
  'reset-password: UpdateItem challenges I#guess#': 'no guess at nothing is made there',
  'verify-pin: ConditionCheckItem identities U#': 'asks again whether wrong PINs have locked it',
  'verify-step-up: DeleteItem sessions': 'the hundredth wrong code ends its session',
  'verify-step-up: UpdateItem sessions .wrongCodes': 'no wrong step-up code is typed here',
  'login: PutItem notices {createdAt,kind,message}': 'tells the owner of the hundredth failure in a row',
  'seal-ledger: GetObject checkpoints': 'takes over the checkpoint of a sealer that died',
  'seal-ledger: ListBucket itself': 'lets S3 say that an object is missing instead of forbidden',
  'seal-ledger: Scan ledger': 'keeps the whole table in the archive, where an operator asks for it',
  'seal-ledger: GetPublicKey checkpoint': 'checks a checkpoint that it takes over',
  'sentinel: PutItem challenges W#sentinel#': 'nobody touches the ledger here',
  'sentinel: PutItem outbox {createdAt,kind,event}': 'nobody touches the ledger here',
  'sweep-outbox: UpdateItem outbox': 'no row is left over here',
  'sweep-outbox: UpdateItem notices': 'no notice is left over here',
  'watch-sms: UpdateItem challenges K#': 'no country has to be paused here',
}

const rightsOf = ({ tables = {} }: Access): [table: string, right: TableRight][] =>
  Object.entries(tables).flatMap(([table, rights]) =>
    rights.map((right) => [table, right] as [string, TableRight]),
  )

/** Each action of a right with each prefix; of rows that are put also what they may hold. */
function placesOf(table: string, { actions, prefixes = [''], attributes }: TableRight): string[] {
  return actions.flatMap((action) =>
    prefixes.map((prefix) => {
      const holding = action === 'PutItem' && attributes ? ` {${attributes.join()}}` : ''
      return `${action} ${table} ${prefix}`.trimEnd() + holding
    }),
  )
}

/** What of a right nobody of these uses needs: a whole place, or an attribute at a place that is used. */
function unusedOf(table: string, right: TableRight, uses: readonly ItemUse[]): string[] {
  const covered = uses.filter((use) => use.table === table && covers(right, use))
  const needed = new Set(
    covered.flatMap((use) =>
      placesOf(table, {
        ...right,
        actions: [use.action as TableAction],
        ...(right.prefixes && {
          prefixes: right.prefixes.filter((prefix) => use.keys.some((key) => key.startsWith(prefix))),
        }),
      }),
    ),
  )
  const places = placesOf(table, right)
  const idle = places.filter((place) => !needed.has(place))
  const named = new Set(covered.flatMap((use) => [...use.attributes()]))
  const attributes = covered.length === 0 ? [] : (right.attributes ?? []).filter((name) => !named.has(name))
  return [...idle, ...attributes.map((name) => `${places[0]} .${name}`)]
}

const plainOf = ({ keys = {}, bucket = {}, sends = [], publishes }: Access): string[] => [
  ...Object.entries(keys).flatMap(([name, actions]) => actions.map((action) => `${action} ${name}`)),
  ...Object.entries(bucket).flatMap(([part, actions]) => actions.map((action) => `${action} ${part}`)),
  ...sends.map((channel) => `send ${channel}`),
  ...(publishes ? ['publish'] : []),
]

const functions = Object.entries(access as Readonly<Record<string, Access>>).filter(
  ([id]) => id !== setUpFunction,
)
const accessOf = (id: string): Access => (access as Readonly<Record<string, Access>>)[id] ?? {}

const world = useWorld()
let calls: readonly RecordedCall[]

beforeAll(async () => {
  const recording = recordCalls()
  await runEverything(world)
  recording.stop()
  calls = recording.calls
}, 300_000)

const textOf = (use: ItemUse) =>
  `${use.action} ${use.table} ${use.keys.join()} {${[...use.attributes()].join()}}${use.returnsItem ? ' and reads' : ''}`

it('every call that a function makes is one it may make when deployed: action, item and attributes', () => {
  const beyond = calls.flatMap((call) =>
    [
      ...call.uses.filter((use) => !mayUse(accessOf(call.function), use)).map(textOf),
      ...call.permissions.filter((permission) => !plainOf(accessOf(call.function)).includes(permission)),
    ].map((text) => `${call.function}: ${text}`),
  )
  expect([...new Set(beyond)].sort()).toEqual([])
})

it('no function may do more than a full run makes it do, down to prefix and attribute, but for what is named here', () => {
  const unused = functions.flatMap(([id, each]) => {
    const own = calls.filter((call) => call.function === id)
    const uses = own.flatMap((call) => call.uses)
    const plain = new Set(own.flatMap((call) => call.permissions))
    return [
      ...plainOf(each).filter((permission) => !plain.has(permission)),
      ...rightsOf(each).flatMap(([table, right]) => unusedOf(table, right, uses)),
    ].map((part) => `${id}: ${part}`)
  })
  expect([...new Set(unused)].sort()).toEqual(Object.keys(unseen).sort())
})

holdEventsToSchemas(world)
