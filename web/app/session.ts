/** The session: its token is kept in this closure and nowhere else, so a reload ends it for the page. */

import { pagePaths } from '../paths.ts'
import type { App, Session } from './app.ts'

export function createSession(app: () => App): Session {
  let token: string | undefined
  return {
    get live() {
      return token !== undefined
    },
    after: pagePaths.account,
    begin(given) {
      token = given
    },
    end() {
      token = undefined
    },
    async call(id, given) {
      const { client, catalogue, go } = app()
      const result = await client.call(id, { ...given, token: token ?? '' } as Parameters<
        typeof client.call<typeof id>
      >[1])
      if (result.ok || result.code !== 'SESSION_INVALID') return result
      token = undefined
      go(pagePaths.signIn, { notice: catalogue.texts.signIn.ended, replace: true })
      return undefined
    },
  }
}
