/**
 * On a developer's machine alone: each code that is sent while a page is open is shown at its edge, as seed 004 asks
 * ('Frontend toast').
 */
import { h } from '../app/dom.ts'
import { codeIn } from './code-in.ts'

interface Sent {
  readonly id: string
  readonly to: string
  readonly text: string
}

const waitSeconds = 20
const shownMs = 60_000

export const toastStyle = `
.code-toasts { display: grid; gap: .5rem }
.code-toasts:empty { position: absolute }
@media (width >= 48rem) {
  .code-toasts { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 1; max-width: 26rem }
}
.code-toast { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; padding: .5rem .75rem;
  border: 1px solid; border-radius: .75rem; background: Canvas; color: CanvasText; font-size: .875rem }
.code-toast p { margin: 0; overflow-wrap: anywhere }
.code-toast b { font-family: ui-monospace, Consolas, Menlo, monospace; letter-spacing: .1em }
.code-toast button { min-height: 2.75rem; padding: 0 .75rem; border: 1px solid; border-radius: .5rem;
  background: transparent; color: inherit; font: inherit }
`

async function messages(inbox: string, query: Record<string, string>): Promise<readonly Sent[]> {
  const response = await fetch(`${inbox}/messages?${new URLSearchParams(query)}`)
  return (await response.json()) as readonly Sent[]
}

function toast({ to, text }: Sent): HTMLElement | undefined {
  const code = codeIn(text)
  if (code === undefined) return undefined
  const element = h(
    'div',
    { class: 'code-toast', lang: 'en', dir: 'ltr' },
    h('p', {}, 'Development code: ', h('b', {}, code), ` to ${to}`),
    h('button', { type: 'button', click: () => void navigator.clipboard.writeText(code) }, 'Copy'),
    h('button', { type: 'button', click: () => element.remove() }, 'Dismiss'),
  )
  setTimeout(() => element.remove(), shownMs)
  return element
}

/** Follows the inbox for as long as the document lives. @param inbox path of the local routes, such as `/_local` */
export async function showCodes(inbox: string): Promise<void> {
  const area = h('div', { class: 'code-toasts', role: 'status' })
  // First, since on a small screen it stands above the page and must cover none of it.
  document.body.prepend(area)
  let newest = (await messages(inbox, {}).catch(() => [])).at(-1)?.id ?? ''
  for (;;) {
    try {
      const sent = await messages(inbox, {
        wait: String(waitSeconds),
        ...(newest !== '' && { after: newest }),
      })
      const fresh = sent.slice(sent.findIndex(({ id }) => id === newest) + 1)
      newest = sent.at(-1)?.id ?? newest
      for (const element of fresh.map(toast)) if (element !== undefined) area.append(element)
    } catch {
      // The stack was stopped, or starts again.
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
