/** The handles of the stack: clock, faults, throttle, source address; what went aside, and the calls of a request. */
import type { Call } from '../services/calls.ts'
import { type Fault, modes } from '../services/faults.ts'
import { serviceNames } from '../services/wire.ts'
import { developerPage } from './developer.ts'
import { html, moment } from './html.ts'

export interface StackState {
  readonly clock: { readonly now: string; readonly offsetSeconds: number }
  readonly faults: readonly Fault[]
  readonly throttling: boolean
  readonly sourceIp: string | undefined
  readonly deadLetters: readonly unknown[]
  /** What was asked for by request id or function, and found. */
  readonly calls?: { readonly of: string; readonly found: readonly Call[] } | undefined
}

const steps = [
  { seconds: 61, name: '61 s' },
  { seconds: 300, name: '5 minutes' },
  { seconds: 3600, name: '1 hour' },
  { seconds: 86_400, name: '1 day' },
] as const

const advance = (seconds: number, name: string) =>
  html`<form data-json data-method="POST" action="/_local/clock"><input type="hidden" name="advanceSeconds" value="${seconds}" data-number><button class="second">+ ${name}</button></form>`

const options = (names: readonly string[]) => names.map((name) => html`<option>${name}</option>`)

const listed = (calls: readonly Call[]) =>
  html`<ol>${calls.map(({ service, operation, table }) => html`<li><code>${service} ${operation}${table !== undefined && ` ${table}`}</code></li>`)}</ol>`

export function workbenchPage({
  clock,
  faults,
  throttling,
  sourceIp,
  deadLetters,
  calls,
}: StackState): string {
  return developerPage(
    '/_local/stack',
    'Stack',
    html`<h1>Stack</h1>
<section><h2>Clock</h2><p>${moment(clock.now)}, ${clock.offsetSeconds} s ahead of this machine.</p>
<div class="bar">${steps.map(({ seconds, name }) => advance(seconds, name))}</div></section>
<section><h2>Faults</h2>
<p>${faults.length === 0 ? 'None waits.' : `${faults.length} wait:`}</p>
${faults.length > 0 && html`<pre>${faults.map((fault) => JSON.stringify(fault)).join('\n')}</pre>`}
<form class="bar" data-json data-method="POST" action="/_local/faults">
<label>Service <select name="service">${options(serviceNames)}</select></label>
<label>Mode <select name="mode">${options(modes)}</select></label>
<label>Calls <input type="number" name="count" value="1" min="1" data-number></label>
<label>Operation <input name="operation" placeholder="any"></label>
<label>Function <input name="function" placeholder="any"></label>
<label>Delay in ms <input type="number" name="delayMs" min="0" data-number></label>
<label>Let pass first <input type="number" name="skip" min="0" data-number></label>
<button>Add</button></form>
<form data-json data-method="POST" action="/_local/faults"><input type="hidden" name="count" value="0" data-number><button class="second">Clear all</button></form></section>
<section><h2>Throttle</h2><p>The gateway's throttling is <b>${throttling ? 'on' : 'off'}</b>.</p>
<form data-json data-method="POST" action="/_local/throttle"><input type="hidden" name="enabled" value="${!throttling}" data-boolean><button class="second">Turn ${throttling ? 'off' : 'on'}</button></form></section>
<section><h2>Source address</h2><p>${sourceIp === undefined ? 'Requests come from where they come from.' : html`Requests seem to come from <code>${sourceIp}</code>.`}</p>
<form class="bar" data-json data-method="PUT" action="/_local/source-ip"><label>Address <input name="ip" required placeholder="203.0.113.7"></label><button>Set</button></form></section>
<section><h2>AWS calls</h2><form class="bar" action="/_local/stack"><label>Request id <input name="requestId"></label><button>Show</button></form>
<form class="bar" action="/_local/stack"><label>Function <input name="function" placeholder="deliver"></label><button>Show</button></form>
${calls !== undefined && html`<h3>${calls.of}</h3>${calls.found.length === 0 ? html`<p>None is kept.</p>` : listed(calls.found)}`}</section>
<section><h2>Dead letters</h2>${
      deadLetters.length === 0
        ? html`<p>No record went aside.</p>`
        : html`<pre>${JSON.stringify(deadLetters, null, 2)}</pre>
<p class="hint"><code>npx latchkey redrive --local</code> brings their rows before the workers again.</p>
<form data-json data-method="DELETE" action="/_local/dead-letters"><button class="second">Forget all</button></form>`
    }</section>
<section><h2>Start anew</h2><p>Everything as at the start: people, messages, ledger, clock, faults.</p>
<form data-json data-method="POST" action="/_local/reset" data-asks="Forget everything that this stack holds?"><button class="second">Empty the stack</button></form></section>`,
  )
}
