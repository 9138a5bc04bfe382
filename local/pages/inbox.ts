/** The inbox as a page: emails as they would look, SMS as bubbles. Works without scripts. */
import type { InboxMessage } from '../services/inbox.ts'

/** Emails bring their own styles; nothing is run, fetched, framed from elsewhere or sent. */
export const inboxPagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem }
h1 { font-size: 1.4rem; margin: 0 }
article { margin: 1.5rem 0; border: 1px solid #8886; border-radius: .75rem; overflow: hidden }
header { padding: .6rem 1rem; background: #8881; font-size: .9rem }
h2 { font-size: 1rem; margin: 0 }
p { margin: 0 }
/* An email follows the scheme that its frame has, with a ground of its own or none: the one behind it goes with it. */
iframe { display: block; width: 100%; height: 26rem; border: 0; color-scheme: inherit; background: Canvas; resize: vertical }
.sms { padding: 1rem }
.sms p { display: inline-block; max-width: 26rem; padding: .6rem .9rem; border-radius: 1.1rem 1.1rem 1.1rem .2rem;
  background: #2563eb; color: #fff; white-space: pre-wrap; overflow-wrap: anywhere }
pre { padding: 1rem; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }`

/** @param messages oldest first; shown newest first. */
export function inboxPage(messages: readonly InboxMessage[]): string {
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`
  const empty = '<p>Nothing yet. Ask for a code, then load this page again.</p>'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inbox: ${count}</title>
<style>${style}</style>
</head>
<body>
<h1>Inbox</h1>
<p>${count} on this machine, newest first. <a href="/_local">Load again</a></p>
<main>
${messages.length === 0 ? empty : messages.toReversed().map(article).join('\n')}
</main>
</body>
</html>
`
}

function article(message: InboxMessage): string {
  const kind = message.channel === 'email' ? 'Email' : 'SMS'
  const subject = message.subject === null ? '' : `<h2 dir="auto">${escapeHtml(message.subject)}</h2>`
  const sentAt = escapeHtml(message.sentAt)
  return `<article>
<header>${subject}<p>${kind} to <b>${escapeHtml(message.to)}</b>, <time datetime="${sentAt}">${sentAt}</time></p></header>
${message.channel === 'email' ? email(message) : `<div class="sms"><p dir="auto">${escapeHtml(message.text)}</p></div>`}
</article>`
}

/** An empty sandbox: no scripts, no forms, no links that take the page along. */
function email(message: InboxMessage): string {
  if (message.html === null) return `<pre dir="auto">${escapeHtml(message.text)}</pre>`
  const title = escapeHtml(message.subject ?? 'Email')
  return `<iframe sandbox title="${title}" srcdoc="${escapeHtml(message.html)}"></iframe>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
