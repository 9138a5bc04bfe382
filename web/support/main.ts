/** The support page: finds a person, and shows them. The address holds a userId at most, never what was typed. */
import { isShortReference, parseReference } from '#shared/contract/schemas.ts'
import { h, replaceChildren } from '../app/dom.ts'
import { askVia, Refused, readOwn } from './api.ts'
import { whoIs } from './directory.ts'
import { Person } from './person.ts'

const stored = 'latchkey-console'
const isConsole = document.body.dataset['served'] === 'console'
const main = document.querySelector('main') ?? document.body

/**
 * The console prints it behind the address; kept for this tab alone, so that a reload does not lose it, and gone from the address
 * before anybody looks at it.
 */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) {
    sessionStorage.setItem(stored, given)
    history.replaceState(undefined, '', location.pathname)
  }
  return sessionStorage.getItem(stored) ?? ''
}

const token = isConsole ? takeToken() : undefined
const ask = askVia(token)
const place = h('div', {})
const problem = h('p', { class: 'refused', role: 'alert' })
const who = h('input', {
  id: 'who',
  name: 'who',
  autocomplete: 'off',
  autocapitalize: 'none',
  spellcheck: false,
  enterkeyhint: 'search',
  dir: 'auto',
  'aria-describedby': 'who-hint',
})
const button = h('button', { type: 'submit' }, 'Find')

function tell(error: unknown): void {
  problem.textContent = error instanceof Refused ? error.message : 'The page failed. Load it again.'
}

/** One search at a time: what an earlier one finds late is not shown. */
let latest = 0

async function run(work: () => Promise<(() => void) | undefined>): Promise<void> {
  latest += 1
  const own = latest
  problem.textContent = ''
  button.disabled = true
  try {
    const show = await work()
    if (own === latest) show?.()
  } catch (error) {
    if (own !== latest) return
    replaceChildren(place)
    tell(error)
    who.focus()
    if (!(error instanceof Refused)) throw error
  } finally {
    if (own === latest) button.disabled = false
  }
}

/** @param word that led to them: one that is a reference leads to its entry as well */
async function load(userId: string, word = ''): Promise<() => void> {
  const reference = parseReference(word)
  const sought = reference !== undefined && isShortReference(reference) ? reference : undefined
  const person = new Person({ ask, receiptOf }, userId, sought)
  await person.load()
  return () => {
    document.title = `${userId} · Latchkey support`
    replaceChildren(place, person.element)
    person.title.focus()
  }
}

const find = () =>
  run(async () => {
    const typed = who.value.trim()
    if (typed === '') throw new Refused('EMPTY', 'Type whom you look for first.')
    const meant = await whoIs(ask, typed)
    if ('problem' in meant) throw new Refused('NOBODY', meant.problem)
    const show = await load(meant.userId, typed)
    return () => {
      history.pushState(undefined, '', `#user=${encodeURIComponent(meant.userId)}`)
      show()
    }
  })

function followAddress(): void {
  const userId = new URLSearchParams(location.hash.slice(1)).get('user')
  if (userId !== null) {
    void run(() => load(userId))
    return
  }
  latest += 1
  replaceChildren(place)
  document.title = 'Latchkey support'
}

/** Whose people these are and who asks, which the console tells its own page alone. */
async function sayWhere(): Promise<void> {
  const { where } = (await readOwn(token, '/about')) as { where: string }
  const line = document.querySelector('.where')
  if (line !== null) line.textContent = where
}

/** What proves an entry, from whoever serves the page: it is no route of support. @throws Refused */
const receiptOf = (userId: string, seq: number) =>
  readOwn(token, `${document.body.dataset['path']}/receipt?${new URLSearchParams({ userId, seq: `${seq}` })}`)

replaceChildren(
  main,
  h(
    'form',
    {
      role: 'search',
      class: 'bar find',
      submit: (event) => {
        event.preventDefault()
        void find()
      },
    },
    h('label', { for: 'who', class: 'asks' }, 'Whom do you look for?', who),
    button,
  ),
  h(
    'p',
    { id: 'who-hint', class: 'hint' },
    'An email, a phone such as +201001234567, a username, a userId, or the reference in a message. Whoever quotes a reference has seen the message, and has proved no more than that.',
  ),
  problem,
  place,
)
addEventListener('popstate', followAddress)
if (isConsole) sayWhere().catch(tell)
followAddress()
if (location.hash === '') who.focus()
