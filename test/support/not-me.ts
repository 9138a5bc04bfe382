/** 'It was not me': the links in messages, and the answer to them. */
import { type CallOptions, newIp, type World } from './world.ts'

export const notMePath = '/api/recovery/not-me'

export const linksIn = (text: string): string[] => text.match(/https?:\/\/[^\s"<]+/g) ?? []

/** The token that a link carries. */
export const notMeTokenIn = (link: string): string => new URL(link).hash.slice(1)

/** Tokens of all links that were sent to an address, oldest first. Waits for the workers. */
export async function tokensSentTo(world: World, to: string): Promise<string[]> {
  await world.idle()
  return world.messages(to).flatMap(({ text }) => linksIn(text).map(notMeTokenIn))
}

/** The token of the newest link. @throws Error where there is none */
export async function lastToken(world: World, to: string): Promise<string> {
  const token = (await tokensSentTo(world, to)).at(-1)
  if (token === undefined) throw new Error(`No link was sent to ${to}`)
  return token
}

export const disown = (world: World, token: string, given: CallOptions = { ip: newIp() }) =>
  world.post(notMePath, { token }, given)
