/** A browser as its owner knows it; what it says of itself is shown only where the names are known. */
import { readUserAgent } from '#shared/domain/user-agent.ts'
import type { App } from '../app/app.ts'

export function browserName(app: App, userAgent: string | null): string {
  const { account } = app.catalogue.texts
  const agent = readUserAgent(userAgent ?? '')
  return agent === undefined ? account.unknownDevice : app.fill(account.deviceOn, agent)
}
