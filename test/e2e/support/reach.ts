/** What the ways into the states have in common. */
import { randomInt } from 'node:crypto'
import type { Visit } from './visit.ts'

export type Reach = (visit: Visit) => Promise<unknown>

/** An address and a number that nobody asked a code for yet. */
export const newAddress = () => `p${randomInt(1e9)}@example.com`
export const newNumber = () => `+2010${randomInt(10_000_000, 99_999_999)}`

/** Locates what the service's refusal is shown in. */
export const alert = ({ page }: Visit) => page.locator('[role=alert]:not(:empty)').first().waitFor()

/** Makes the page's next calls fail without reaching the service. */
export const fail = ({ page }: Visit, status: number, error: Record<string, unknown>) =>
  page.route(/\/api\/|\/auth\//, (route) =>
    route.fulfill({
      status,
      json: { success: false, error, requestId: '0c6fd2c4-0000-4000-8000-000000000000' },
    }),
  )
