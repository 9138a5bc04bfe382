/** Where a command finds the services: AWS by the usual credential chain, or a running local stack. */
import { environmentChanged } from '#shared/per-environment.ts'
import { settings } from '#shared/settings.ts'
import { apiSetting } from './api-setting.ts'
import { Problem } from './problem.ts'

/** The stack waits a little for what is on its way before it tells its time, and for a schedule that is due: a checkpoint over many chains. */
const timeoutMs = 120_000

const isTimeout = (error: unknown) => error instanceof DOMException && error.name === 'TimeoutError'

async function ask(port: number, path: string, body?: object): Promise<unknown> {
  const init = body && { method: 'POST', body: JSON.stringify(body) }
  try {
    const url = `http://127.0.0.1:${port}/_local/${path}`
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    if (response.ok) return await response.json()
  } catch (error) {
    if (isTimeout(error))
      throw new Problem(
        `The local stack at port ${port} is busy: it has not answered for ${timeoutMs / 1000} s. Try again.`,
        1,
      )
    const hint = 'Start it with "npm start"; a port other than 3000 goes behind --local.'
    throw new Problem(`No local stack answers at port ${port}. ${hint}`, 1)
  }
  throw new Problem(`What answers at port ${port} is no local stack of Latchkey.`, 1)
}

function checkSettings(): void {
  try {
    settings()
  } catch (error) {
    const hint =
      'They are those of the deployed functions: --env FILE reads them; --local speaks to a local stack.'
    throw new Problem(`${(error as Error).message}.\n${hint}`, 2)
  }
}

/** The clock of the services: the local stack's may have been moved on. */
export type Clock = () => number

/**
 * Puts the environment of a local stack in place before anything that reads it is loaded, and waits for events that
 * are on their way to the ledger. Without a port the environment is the shell's.
 * @param needs of `api`, no settings but its address
 * @throws Problem when no stack answers, or a setting is missing
 */
export async function useServices(port: number | undefined, needs: 'api' | 'services'): Promise<Clock> {
  if (port === undefined) {
    if (needs === 'services') checkSettings()
    return Date.now
  }
  const environment = (await ask(port, 'environment')) as Record<string, string>
  for (const [name, value] of Object.entries(environment)) process.env[name] = value
  process.env[apiSetting] = `http://127.0.0.1:${port}`
  environmentChanged()
  const { now } = (await ask(port, 'clock', { advanceSeconds: 0 })) as { now: string }
  const [at, since] = [Date.parse(now), performance.now()]
  return () => at + Math.floor(performance.now() - since)
}
