/** What a developer is told below the start page: who can sign in, and where everything else is. In no deployed build, like the codes. */
import { seedIdentities, seedPassword } from '../../local/seed.ts'
import { h } from '../app/dom.ts'

export const noteStyle = `
.start-note { width: 100%; max-width: 28rem; padding: 1rem; border: 1px dashed; border-radius: .75rem; font-size: .875rem }
.start-note[hidden] { display: none }
.start-note h2 { font-size: 1rem }
.start-note ul { margin: 0; padding: 0; list-style: none }
.start-note a { display: flex; align-items: center; min-height: 2.75rem; font-weight: 600 }
.start-note p { margin: 0 }
.start-note code { font-family: ui-monospace, Consolas, Menlo, monospace; overflow-wrap: anywhere }
`

const names = Object.values(seedIdentities).map(({ username }) => username)
const code = (text: string) => h('code', {}, text)
const way = (href: string, name: string, what: string) =>
  h('li', {}, h('a', { href }, name), h('p', {}, what))

/** @param inbox path of the local routes, such as `/_local` */
export function showStartNote(inbox: string): void {
  const note = h(
    'aside',
    { class: 'start-note', lang: 'en', dir: 'ltr', 'aria-labelledby': 'start-note' },
    h('h2', { id: 'start-note' }, 'A stack on this machine'),
    h('p', {}, 'Sign in as ', code(names.join(', ')), '; the password is ', code(seedPassword), '.'),
    h(
      'ul',
      {},
      way(
        inbox,
        'Developer’s page',
        'Every message with its code, people, events, clock, faults, and each route to try.',
      ),
      way(`${inbox}/support`, 'Support page', 'What those see who help people by phone.'),
    ),
  )
  const main = document.querySelector('main')
  main?.after(note)
  const show = () => {
    note.hidden = location.pathname !== '/'
  }
  show()
  // Each view of a page takes the place of the one before.
  if (main !== null) new MutationObserver(show).observe(main, { childList: true })
}
