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
      /** Which of the name's writes it was. */
      readonly place: number
      /** The item that it met. */
      readonly met: Item | undefined
    }

interface Placed<Name> {
  readonly name: Name
  readonly place: number
  readonly write: Write
}

function placed<Name extends string>(writes: Readonly<Record<Name, Writes>>): Placed<Name>[] {
  return Object.entries<Writes>(writes).flatMap(([name, value]) =>
    [value ?? []].flat().map((write, place) => ({ name: name as Name, place, write })),
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

async function firstRefused<Name>(
  all: readonly Placed<Name>[],
): Promise<(Placed<Name> & { met: Item | undefined }) | undefined> {
  const verdict = await transact(all.map(({ write }) => write))
  if (verdict.committed) return undefined
  const index = all.findIndex((_, at) => verdict.refused(at))
  const found = all[index]
  if (found === undefined) throw new Error('A transaction was refused by none of its writes')
  return { ...found, met: verdict.met(index) }
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
  const refused = await firstRefused(all)
  if (refused === undefined) return { committed: true }
  const before = all.slice(
    0,
    all.findIndex(({ name }) => name === refused.name),
  )
  const again = before.flatMap((each) => {
    const write = first.includes(each.name) ? checkOf(each.write) : undefined
    return write === undefined ? [] : [{ ...each, write }]
  })
  const { name, place, met } = (again.length > 0 ? await firstRefused(again) : undefined) ?? refused
  return { committed: false, refusedBy: name, place, met }
}
