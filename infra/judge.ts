/** Whether rights allow what is asked: the local stack's IAM, a pure function. */
import type { TableId } from '../shared/tables.ts'
import { type Access, attributesOf, type TableRight } from './rights.ts'

/** One use of items of a table: what IAM is asked. A batch is one use of several items. */
export interface ItemUse {
  /** Logical table. */
  readonly table: string
  readonly action: string
  /** Partition keys of the items; none for a scan. */
  readonly keys: readonly string[]
  /** Attributes that it names. Read only where a right ends at attributes. */
  readonly attributes: () => ReadonlySet<string>
  /** Whether it may give back what the item holds. */
  readonly returnsItem: boolean
}

const coversKeys = ({ prefixes }: TableRight, keys: readonly string[]) =>
  prefixes === undefined ||
  (keys.length > 0 && keys.every((key) => prefixes.some((prefix) => key.startsWith(prefix))))

function coversAttributes(right: TableRight, use: ItemUse): boolean {
  const allowed = attributesOf(right, use.table as TableId)
  return allowed === undefined || [...use.attributes()].every((name) => allowed.includes(name))
}

/** Whether a single right allows it. Rights do not add up: each becomes a statement, and IAM wants one that fits. */
export const covers = (right: TableRight, use: ItemUse): boolean =>
  (right.actions as readonly string[]).includes(use.action) &&
  coversKeys(right, use.keys) &&
  coversAttributes(right, use) &&
  !(right.blind === true && use.returnsItem)

/** The rights that a table's row of the access holds. */
export const rightsOn = (access: Access, table: string): readonly TableRight[] =>
  (access.tables as Readonly<Record<string, readonly TableRight[]>> | undefined)?.[table] ?? []

export const mayUse = (access: Access, use: ItemUse): boolean =>
  rightsOn(access, use.table).some((right) => covers(right, use))
