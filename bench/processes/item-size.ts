/** Size of an item as DynamoDB bills it: names and values in UTF-8, numbers by their digits, a little for lists and maps. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

const bytes = (text: string) => Buffer.byteLength(text)
const perNest = 3
const perElement = 1

function valueBytes({ S, N, B, BOOL, NULL, L, M, SS }: AttributeValue): number {
  if (S !== undefined) return bytes(S)
  if (N !== undefined) return Math.ceil(N.replace(/[^0-9]/g, '').length / 2) + 1
  if (B !== undefined) return B.length
  if (BOOL !== undefined || NULL !== undefined) return 1
  if (SS !== undefined) return SS.reduce((sum, each) => sum + bytes(each), 0)
  if (L !== undefined) return perNest + L.reduce((sum, each) => sum + perElement + valueBytes(each), 0)
  return perNest + Object.keys(M ?? {}).length * perElement + itemBytes(M ?? {})
}

export const itemBytes = (item: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + valueBytes(value), 0)
