/** `latchkey ledger verify-receipt FILE`: checks a receipt, offline. */
import { parseReceipt, verifyReceipt } from '#shared/ledger/receipt.ts'
import type { Given } from '../arguments.ts'
import { keysIn, readKeys } from '../export-files.ts'
import { readText } from '../line-files.ts'
import { print } from '../output.ts'
import { timelineOf } from '../timeline.ts'
import { unreadable } from '../verdict.ts'

function check(path: string, keyPath: string | undefined, json: boolean): void {
  const receipt = parseReceipt(readText(path))
  const keys = keyPath === undefined ? keysIn(receipt.publicKey, path) : readKeys(keyPath)
  const entry = verifyReceipt(receipt, keys)
  const { number, at } = receipt.checkpoint
  const sealed = `${entry.chain} seq ${entry.seq} is sealed by checkpoint ${number} of ${new Date(at).toISOString()}.`
  const ownKey = 'The key came with the receipt; --public-key takes one from outside.\n'
  print(json, { entry, checkpoint: number, ownKey: keyPath === undefined }, () =>
    [`${timelineOf(entry)}\n${sealed}\n`, ...(keyPath === undefined ? [ownKey] : [])].join(''),
  )
}

/**
 * Exit codes as of `ledger verify`.
 * @throws Problem, Tampered, Unusable
 */
export function verifyReceiptCommand({ words, options, json }: Given<'ledger verify-receipt'>): void {
  try {
    check(words[0], options['public-key'], json)
  } catch (error) {
    throw unreadable(error)
  }
}
