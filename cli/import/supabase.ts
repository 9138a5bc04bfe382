/** Supabase: the table `auth.users`, as CSV or JSON. */
import { isOver, names, Reader, suspendedIf } from './fields.ts'
import type { Source } from './source.ts'

/** It writes numbers without their plus. */
const withPlus = (phone: unknown) => (/^[0-9]{8,15}$/.test(String(phone)) ? `+${String(phone)}` : phone)

export const supabase: Source = {
  map(record) {
    const read = new Reader(record)
    // Who was deleted stays in the table, and so does a visitor who never signed up.
    if (read.value('deleted_at') !== undefined || read.is('is_anonymous')) return undefined
    const banEnds = read.value('banned_until')
    return {
      userId: read.text('id'),
      ...names(undefined, read.text('email')),
      phone: withPlus(read.text('phone')),
      passwordHash: read.text('encrypted_password'),
      ...suspendedIf(banEnds !== undefined && !isOver(banEnds)),
    }
  },
}
