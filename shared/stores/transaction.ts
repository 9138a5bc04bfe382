/** Transactions whose writes have names: a refusal says which of them stood in the way, in the order asked for. */
import type { ConditionCheck, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { type Item, transact, type Write } from './database.ts'

/** One name's writes; where there are several, the first that is refused speaks for the name. */
export type Writes = Write | readonly Write[] | undefined

export type End<Name extends string> =
  | { readonly committed: true }
  | {
      readonly committed: false
      /** The first name, in the order given, of which a write was refused. */
      readonly refusedBy: Name
      /** The item that it met. */
      readonly met: Item | undefined
      /** All names of which DynamoDB told that a write was refused. */
      readonly refused: ReadonlySet<Name>
    }

/** A commit that was refused. */
export type Refusal<Name extends string> = Extract<End<Name>, { readonly committed: false }>

interface Placed<Name> {
  readonly name: Name
  readonly write: Write
}

function placed<Name extends string>(writes: Readonly<Record<Name, Writes>>): Placed<Name>[] {
  return Object.entries<Writes>(writes).flatMap(([name, value]) =>
    [value ?? []].flat().map((write) => ({ name: name as Name, write })),
  )
}

const conditional = ({ Put, Update, Delete, ConditionCheck: check }: TransactWriteItem) =>
  Put ?? Update ?? Delete ?? check

/** Names and values of an expression, without those that only the change named: DynamoDB refuses what no expression uses. */
const used = <Value>(all: Record<string, Value> | undefined, condition: string) => {
  const left = Object.entries(all ?? {}).filter(([token]) => new RegExp(`${token}\\b`).test(condition))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

/** The condition of a write, without its change. Undefined where it has none, and of a Put, whose key is not known here. */
function checkOf(write: Write): Write | undefined {
  const { Update, Delete, ConditionCheck: check } = write
  const { TableName, Key, ConditionExpression } = Update ?? Delete ?? check ?? {}
  if (ConditionExpression === undefined) return undefined
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = conditional(write) ?? {}
  const [usedNames, usedValues] = [used(names, ConditionExpression), used(values, ConditionExpression)]
  const ConditionCheck: ConditionCheck = {
    TableName,
    Key,
    ConditionExpression,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...(usedNames && { ExpressionAttributeNames: usedNames }),
    ...(usedValues && { ExpressionAttributeValues: usedValues }),
  }
  return { ConditionCheck }
}

async function send<Name extends string>(all: readonly Placed<Name>[]): Promise<End<Name>> {
  const verdict = await transact(all.map(({ write }) => write))
  if (verdict.committed) return verdict
  const first = all.findIndex((_, at) => verdict.refused(at))
  const refused = all.filter((_, at) => verdict.refused(at)).map(({ name }) => name)
  const [refusedBy] = refused
  if (refusedBy === undefined) throw new Error('A transaction was refused by none of its writes')
  return { committed: false, refusedBy, met: verdict.met(first), refused: new Set(refused) }
}

/**
 * Commits all writes or none.
 * Of several refusals DynamoDB need not name all. Where a wrong answer would tell a secret, the names that must speak first
 * are given as `first`: those of them that stand before the refusal that was named are held to their conditions again.
 * @param writes by name, in the order in which their refusals are told
 * @param first names whose refusal must not be hidden by a later one
 * @throws Unavailable
 */
export async function commit<Name extends string>(
  writes: Readonly<Record<Name, Writes>>,
  first: readonly NoInfer<Name>[] = [],
): Promise<End<Name>> {
  const all = placed(writes)
  const end = await send(all)
  if (end.committed) return end
  const before = all.slice(
    0,
    all.findIndex(({ name }) => name === end.refusedBy),
  )
  const again = before.flatMap((each) => {
    const write = first.includes(each.name) ? checkOf(each.write) : undefined
    return write === undefined ? [] : [{ ...each, write }]
  })
  const held = again.length > 0 ? await send(again) : undefined
  return held === undefined || held.committed ? end : held
}
