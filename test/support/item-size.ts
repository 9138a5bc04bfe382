/** How large an item is, as DynamoDB counts and bills it. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Item, toWire } from '#shared/stores/wire-item.ts'

/** Two digits a byte, and one byte more. */
const numberBytes = (text: string) => Math.ceil(text.replace(/[-.]/g, '').length / 2) + 1

function valueBytes({ S, N, B, BOOL, NULL, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S)
  if (N !== undefined) return numberBytes(N)
  if (B !== undefined) return B.length
  if (BOOL !== undefined || NULL !== undefined) return 1
  if (L !== undefined) return 3 + L.reduce((sum, each) => sum + 1 + valueBytes(each), 0)
  return 3 + Object.keys(M ?? {}).length + attributesBytes(M ?? {})
}

const attributesBytes = (attributes: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  )

export const itemBytes = (item: Item): number => attributesBytes(toWire(item))
