/** What was published to the event bus, as a rule's target is handed it. */
import type { PublishedEvent } from '../services/published.ts'
import { developerPage } from './developer.ts'
import { html, type Markup, moment } from './html.ts'

const shownAtOnce = 100

function row(event: PublishedEvent): Markup {
  const { userId, outcome } = event.detail as { readonly userId?: string; readonly outcome?: string }
  const { time } = event
  const who = userId ?? 'nobody who is known'
  return html`<details><summary><b>${event['detail-type']}</b> <span class="${outcome === 'failure' ? 'failure' : 'success'}">${outcome}</span> <span class="hint">${who}, ${moment(time)}</span></summary>
${userId !== undefined && html`<p class="row"><a href="/_local/people?userId=${encodeURIComponent(userId)}">${userId}</a></p>`}<pre>${JSON.stringify(event, null, 2)}</pre></details>`
}

/**
 * @param events oldest first; shown newest first
 * @param userId of whom; empty: of everybody
 */
export function eventsPage(events: readonly PublishedEvent[], userId: string): string {
  const newest = events.slice(-shownAtOnce).toReversed()
  const count = events.length === 1 ? '1 event' : `${events.length} events`
  return developerPage(
    '/_local/bus',
    `Events: ${count}`,
    html`<h1>Events</h1>
<p class="hint">Each entry of the ledger, as a stage with <code>events</code> publishes it on EventBridge. ${count}${events.length > shownAtOnce && `, the newest ${shownAtOnce} of them`}, newest first.</p>
<form class="bar" action="/_local/bus"><label>Of one person <input name="userId" value="${userId}" placeholder="userId" autocapitalize="none" spellcheck="false"></label><button>Show</button></form>
${newest.length === 0 ? html`<p class="empty">Nothing was published${userId !== '' && ' of this person'} yet.</p>` : html`<div class="list">${newest.map(row)}</div>`}`,
  )
}
