/** The admin routes in few words. */
import type { World } from './world.ts'

const pathOf = (userId: string) => `/admin/identities/${userId}`

export const adminOf = (world: World) => ({
  put: (userId: string, change: unknown) => world.put(pathOf(userId), change),
  get: (userId: string) => world.get(pathOf(userId)),
  find: (query: string) => world.get(`/admin/identities?${query}`),
  state: (userId: string) => world.get(`${pathOf(userId)}/state`),
  erase: (userId: string, body?: unknown) => world.del(pathOf(userId), undefined, body),
  unlock: (userId: string, body?: unknown) => world.post(`${pathOf(userId)}/unlock`, body),
  requireReset: (userId: string, body?: unknown) => world.post(`${pathOf(userId)}/require-reset`, body),
  signOut: (userId: string, body?: unknown) => world.post(`${pathOf(userId)}/sign-out`, body),
  suspend: (userId: string, body?: unknown) => world.post(`${pathOf(userId)}/suspend`, body),
  showAddresses: (userId: string, body?: unknown) => world.post(`${pathOf(userId)}/state`, body),
  resume: (userId: string, body?: unknown) => world.post(`${pathOf(userId)}/resume`, body),
})

let phones = 0
/** A number of Egypt that no other test of the file has. */
export function newPhone(): string {
  phones += 1
  return `+2011${String(10_000_000 + phones)}`
}

let names = 0
/** A username and an email that no other test of the file has. */
export function newNames() {
  names += 1
  return { username: `admin-made-${names}`, email: `admin-made-${names}@example.com` }
}
