/** `latchkey console`: the support page on 127.0.0.1, with the caller's AWS credentials, until it is ended. */
import { once } from 'node:events'
import { newToken } from '#shared/crypto/tokens.ts'
import { actorOf } from '../actor.ts'
import { apiAddress } from '../admin.ts'
import type { Given } from '../arguments.ts'
import { serveConsole } from '../console/serve.ts'
import { print } from '../output.ts'
import { usage } from '../problem.ts'
import type { Clock } from '../services.ts'

function portOf(text = '0'): number {
  const port = Number(text)
  if (!/^[0-9]+$/.test(text) || port > 65_535) throw usage(`--port: ${text} is no port.`, 'console')
  return port
}

/** @throws Problem when the API or the caller is not known; what the network or the credential chain says */
export async function consoleCommand(given: Given<'console'>, _: Clock, isLocal: boolean): Promise<void> {
  const port = portOf(given.options.port)
  const { host } = apiAddress()
  // Asked before anything is shown: credentials that are no good are told here, in the terminal.
  const where = `${host}, as ${await actorOf(isLocal)}`
  const token = newToken()
  const server = await serveConsole(port, { token, where, isLocal })
  const url = `${server.url}/#token=${token}`
  print(
    given.json,
    { url, where },
    () => `Support page for ${where}:\n${url}\nThe address is yours alone. Ctrl-C ends it.\n`,
  )
  const end = new AbortController()
  await Promise.race(
    ['SIGINT', 'SIGTERM'].map((signal) =>
      once(process, signal, { signal: end.signal }).catch(() => undefined),
    ),
  )
  end.abort()
  await server.close()
}
