/** Django: `manage.py dumpdata auth.user` as JSON or JSONL, or the table as CSV. */
import { names, objectOf, Reader, suspendedIf } from './fields.ts'
import type { Source } from './source.ts'

export const django: Source = {
  map(record) {
    const fields = objectOf(record['fields'])
    const read = new Reader({ ...record, ...fields })
    // A dump of the whole app holds groups and permissions beside the people.
    if (fields !== undefined && !('password' in fields)) return undefined
    const password = read.text('password')
    return {
      userId: read.text('pk', 'id'),
      ...names(read.text('username'), read.text('email')),
      phone: read.text('phone', 'phone_number', 'mobile'),
      // `!` marks an account without a password.
      ...(!String(password ?? '!').startsWith('!') && { passwordHash: password }),
      ...suspendedIf(read.isNot('is_active')),
    }
  },
}
