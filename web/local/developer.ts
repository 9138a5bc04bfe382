/** The developer's pages under `/_local`, in the browser: a live inbox, codes to copy, forms that send JSON. */

const messagesPath = '/_local/messages'
/** How long one question after new messages stays open, in seconds. */
const waitSeconds = 20

const one = <E extends Element>(selector: string, within: ParentNode = document) =>
  within.querySelector<E>(selector)

function say(text: string): void {
  const said = one('#said')
  if (said === null) return
  said.textContent = text
  setTimeout(() => {
    if (said.textContent === text) said.textContent = ''
  }, 4000)
}

/** A frame is as high as the mail in it. It runs nothing, so reading its document is safe. */
function fitFrames(within: ParentNode): void {
  for (const frame of within.querySelectorAll('iframe')) {
    const resize = () => {
      const height = frame.contentDocument?.documentElement?.scrollHeight
      if (height) frame.style.height = `${height}px`
    }
    frame.addEventListener('load', resize)
    resize()
  }
}

async function sendJson(method: string, path: string, value?: unknown, token = ''): Promise<Response> {
  return fetch(path, {
    method,
    headers: {
      ...(value !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== '' && { Authorization: `Bearer ${token}` }),
    },
    ...(value !== undefined && { body: typeof value === 'string' ? value : JSON.stringify(value) }),
  })
}

/** The fields that were filled in; numbers and switches by what their element says they are. */
function valuesOf(form: HTMLFormElement): Record<string, unknown> | undefined {
  const named = [...form.elements].filter(
    (element): element is HTMLInputElement | HTMLSelectElement =>
      (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) && element.name !== '',
  )
  const filled = named.filter(({ value }) => value !== '')
  if (named.length === 0) return undefined
  return Object.fromEntries(
    filled.map(({ name, value, dataset }) => [
      name,
      'number' in dataset ? Number(value) : 'boolean' in dataset ? value === 'true' : value,
    ]),
  )
}

async function submitJson(form: HTMLFormElement): Promise<void> {
  const { asks } = form.dataset
  if (asks !== undefined && !confirm(asks)) return
  const method = form.dataset['method'] ?? 'POST'
  const response = await sendJson(method, form.getAttribute('action') ?? '', valuesOf(form))
  if (response.ok) location.reload()
  else say(await reasonIn(response))
}

async function reasonIn(response: Response): Promise<string> {
  const reply = (await response.json().catch(() => ({}))) as { error?: string | { message?: string } }
  const { error } = reply
  return typeof error === 'string' ? error : (error?.message ?? `Answered ${response.status}.`)
}

async function submitTry(form: HTMLFormElement): Promise<void> {
  const field = (name: string) => one<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`, form)?.value
  const token = one<HTMLInputElement>('[name=token]')
  const place = one('.reply', form)
  const response = await sendJson(
    form.dataset['method'] ?? 'GET',
    field('path') ?? '',
    field('body'),
    'session' in form.dataset ? token?.value : '',
  )
  const text = await response.text()
  const status = document.createElement('p')
  status.className = response.ok ? 'success' : 'refused'
  const calls = document.createElement('a')
  calls.href = `/_local/stack?requestId=${encodeURIComponent(response.headers.get('x-request-id') ?? '')}`
  calls.textContent = 'AWS calls'
  status.append(`${response.status} `, calls)
  const body = document.createElement('pre')
  body.textContent = pretty(text)
  place?.replaceChildren(status, body)
  const given = (parsed(text) as { data?: { accessToken?: string } } | undefined)?.data?.accessToken
  if (given !== undefined && token !== null) token.value = given
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const pretty = (text: string) => {
  const value = parsed(text)
  return value === undefined ? text : JSON.stringify(value, null, 2)
}

/** What somebody opened or shut stays so when the list is taken anew: by the message, and which of its parts it is. */
function keepOpen(before: Element, after: Element): void {
  for (const article of before.querySelectorAll<HTMLElement>('article[data-id]')) {
    const same = after.querySelector(`article[data-id="${CSS.escape(article.dataset['id'] ?? '')}"]`)
    const parts = same?.querySelectorAll('details') ?? []
    for (const [index, part] of article.querySelectorAll('details').entries()) {
      const next = parts[index]
      if (next !== undefined) next.open = part.open
    }
  }
}

/** Takes the list anew from the server, which alone knows how a message looks. */
async function renewInbox(): Promise<void> {
  const list = one('#messages')
  if (list === null) return
  const form = one<HTMLFormElement>('[role=search]')
  const query = new URLSearchParams(form === null ? {} : (new FormData(form) as never))
  const page = new DOMParser().parseFromString(await (await fetch(`/_local?${query}`)).text(), 'text/html')
  const next = one<HTMLElement>('#messages', page)
  if (next === null) return
  document.title = page.title
  keepOpen(list, next)
  list.replaceWith(document.adoptNode(next))
  fitFrames(next)
}

/** Waits for what comes after the newest message that is shown, for as long as the page is open. */
async function followInbox(): Promise<void> {
  for (;;) {
    const newest = one<HTMLElement>('#messages')?.dataset['newest'] ?? ''
    const query = new URLSearchParams({ wait: String(waitSeconds), ...(newest !== '' && { after: newest }) })
    try {
      const messages = (await (await fetch(`${messagesPath}?${query}`)).json()) as readonly {
        readonly id: string
        readonly to: string
      }[]
      const latest = messages.at(-1)
      if (latest !== undefined && latest.id !== newest) {
        await renewInbox()
        say(`A message to ${latest.to} came.`)
      }
    } catch {
      // The stack was stopped, or starts again.
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  const submit = 'json' in form.dataset ? submitJson : 'try' in form.dataset ? submitTry : undefined
  const searches = form.role === 'search'
  if (submit === undefined && !searches) return
  event.preventDefault()
  const done = submit === undefined ? renewInbox() : submit(form)
  done.catch(() => say('The stack does not answer.'))
})
document.addEventListener('input', (event) => {
  if ((event.target as Element).closest('[role=search]') !== null) void renewInbox()
})
document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-copy], [data-clear]')
  if (button === null) return
  const code = button.dataset['copy']
  if (code !== undefined) void navigator.clipboard.writeText(code).then(() => say(`${code} is copied.`))
  else if (confirm('Forget every message?')) void sendJson('DELETE', messagesPath).then(renewInbox)
})
// A mail that was shut had no height. `toggle` does not bubble.
document.addEventListener('toggle', (event) => fitFrames(event.target as Element), true)
fitFrames(document)
if (one('#messages') !== null) void followInbox()
