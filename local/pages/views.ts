/** The developer's pages by path, with what each of them shows. */
import { openApi } from '#shared/contract/openapi.ts'
import type { Identity } from '#shared/domain/identity.ts'
import type { Entry } from '#shared/ledger/entry.ts'
import { supportAssets, supportPage, supportPolicy } from '../../web/support/page.ts'
import type { Calls } from '../services/calls.ts'
import type { Inbox } from '../services/inbox.ts'
import type { PublishedEvent } from '../services/published.ts'
import { agreementPage } from './agreement.ts'
import { Content, pageOf } from './content.ts'
import { readScript, readStyle } from './developer.ts'
import { inboxPage } from './inbox.ts'
import { peoplePage, personPage } from './people.ts'
import { eventsPage } from './published-events.ts'
import { type OpenApi, routesPage } from './routes-to-try.ts'
import { type StackState, workbenchPage } from './workbench.ts'

export interface ViewPorts {
  readonly inbox: Pick<Inbox, 'messages'>
  readonly calls: Calls
  /** Everybody who is registered. */
  people(): Promise<readonly Identity[]>
  /** Everything the ledger holds of a person, oldest first. */
  entries(userId: string): Promise<readonly Entry[]>
  /** What was published to the event bus, oldest first, once what is on its way is there. */
  events(userId?: string): Promise<readonly PublishedEvent[]>
  stackState(): Omit<StackState, 'calls'>
}

/** The page of `latchkey console`, on the people of this stack. */
export const supportPath = '/_local/support'

type View = (query: URLSearchParams) => Promise<Content> | Content

export const viewsOf = (ports: ViewPorts): Readonly<Record<string, View>> => ({
  '/_local': (query) =>
    pageOf(
      inboxPage(ports.inbox.messages(), {
        search: query.get('search') ?? '',
        channel: query.get('channel') ?? '',
      }),
    ),
  '/_local/people': async (query) => {
    const people = await ports.people()
    const userId = query.get('userId')
    const now = Date.parse(ports.stackState().clock.now)
    if (userId === null) return pageOf(peoplePage(people, now))
    const person = people.find((each) => each.userId === userId)
    return pageOf(personPage(userId, person, await ports.entries(userId), now))
  },
  '/_local/bus': async (query) => {
    const userId = query.get('userId')?.trim() ?? ''
    return pageOf(eventsPage(await ports.events(userId || undefined), userId))
  },
  '/_local/stack': (query) => {
    const [requestId, name] = [query.get('requestId'), query.get('function')]
    const calls = requestId
      ? { of: requestId, found: ports.calls.byRequest(requestId) }
      : name
        ? { of: name, found: ports.calls.byFunction(name) }
        : undefined
    return pageOf(workbenchPage({ ...ports.stackState(), calls }))
  },
  '/_local/agreement': () => pageOf(agreementPage()),
  '/_local/routes': () => pageOf(routesPage(openApi() as unknown as OpenApi)),
  [supportPath]: () =>
    new Content(
      'text/html',
      supportPage({ by: 'local', path: supportPath, where: 'people of the stack on this machine' }),
      supportPolicy,
    ),
  [`${supportPath}.js`]: async () => new Content('text/javascript', (await supportAssets()).script),
  [`${supportPath}.css`]: async () => new Content('text/css', (await supportAssets()).style),
  '/_local/developer.css': async () => new Content('text/css', await readStyle()),
  '/_local/developer.js': async () => new Content('text/javascript', await readScript()),
})
