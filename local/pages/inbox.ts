/** The inbox: emails as they look, SMS as bubbles, each with its code to copy. It can be read without the script. */
import { codeIn } from '../../web/local/code-in.ts'
import type { InboxMessage } from '../services/inbox.ts'
import { developerPage } from './developer.ts'
import { html, Markup, moment } from './html.ts'

export interface InboxFilter {
  /** Part of an address, subject or text, in any case. */
  readonly search: string
  /** `email`, `sms`, or empty for both. */
  readonly channel: string
}

/** Older ones are found by searching: a page of thousands of mails is slow, and nobody reads so far down. */
const mostShown = 100
/** So many are open as they come; of the others one sees who got what, with its code to copy. */
const openAtOnce = 3

const matches = ({ search, channel }: InboxFilter) => {
  const wanted = search.trim().toLowerCase()
  return ({ to, subject, text, channel: own }: InboxMessage) =>
    (channel === '' || channel === own) &&
    [to, subject ?? '', text].some((part) => part.toLowerCase().includes(wanted))
}

/** @param messages oldest first; shown newest first. */
export function inboxPage(messages: readonly InboxMessage[], filter: InboxFilter): string {
  const found = messages.filter(matches(filter)).toReversed()
  const shown = found.slice(0, mostShown)
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`
  const option = (value: string, name: string) =>
    html`<option value="${value}"${value === filter.channel && new Markup(' selected')}>${name}</option>`
  return developerPage(
    '/_local',
    `Inbox: ${count}`,
    html`<h1>Inbox</h1>
<form class="bar" role="search" action="/_local">
<label>Search <input type="search" name="search" value="${filter.search}" placeholder="address, subject or text"></label>
<label>Kind <select name="channel">${[option('', 'All'), option('email', 'Email'), option('sms', 'SMS')]}</select></label>
<button>Search</button>
<button type="button" class="second" data-clear>Clear the inbox</button>
</form>
<div id="messages" data-newest="${messages.at(-1)?.id ?? ''}">
<p class="hint">${shown.length === messages.length ? count : `${shown.length} of ${count}`}, newest first. New ones appear by themselves.${found.length > mostShown && ' Older ones are found by searching.'}</p>
${shown.length > 0 ? shown.map((message, index) => article(message, index < openAtOnce)) : nothing(messages.length)}
</div>`,
  )
}

const nothing = (all: number) =>
  all === 0
    ? html`<p class="empty">Nothing was sent yet. Ask for a code on the <a href="/">hosted pages</a> or under <a href="/_local/routes">Routes</a>.</p>`
    : html`<p class="empty">No message is like that. <a href="/_local">Show all</a></p>`

function article(message: InboxMessage, isOpen: boolean): Markup {
  const { id, channel, to, subject, sentAt, text } = message
  const code = codeIn(text)
  return html`<article data-id="${id}">
<header><div><h2 dir="auto">${subject ?? 'SMS'}</h2>
<p>${channel === 'email' ? 'Email' : 'SMS'} to <a href="/_local?search=${encodeURIComponent(to)}">${to}</a>, ${moment(sentAt)}</p></div>
${code !== undefined && html`<button type="button" class="copy" data-copy="${code}">Copy <b>${code}</b></button>`}</header>
${channel === 'email' ? email(message, isOpen) : html`<div class="sms"><p dir="auto">${text}</p></div>`}
</article>`
}

/** Frames run nothing and send nothing; a link of a mail opens a page of its own. */
const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'

function email({ html: mail, subject, text, ...message }: InboxMessage, isOpen: boolean): Markup {
  const raw = html`<details><summary>Raw</summary><pre>${JSON.stringify({ ...message, subject, text, html: mail }, null, 2)}</pre></details>`
  if (mail === null) return html`<pre dir="auto">${text}</pre>${raw}`
  const framed = mail.replace('<head>', '<head><base target="_blank">')
  const [open, loading] = isOpen
    ? [new Markup(' open'), undefined]
    : [undefined, new Markup(' loading="lazy"')]
  return html`<details${open}><summary>HTML</summary><iframe sandbox="${sandbox}" title="${subject ?? 'Email'}"${loading} srcdoc="${framed}"></iframe></details>
<details><summary>Plain text</summary><pre dir="auto">${text}</pre></details>${raw}`
}
