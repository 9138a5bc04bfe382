import { expect, test } from 'vitest'
import { iso } from '#shared/domain/iso.ts'

test('a moment is shown as RFC 3339 has it, in UTC to the millisecond', () => {
  expect(iso(Date.UTC(2026, 10, 27, 9, 5, 7, 40))).toBe('2026-11-27T09:05:07.040Z')
})
