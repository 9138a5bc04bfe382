/** A gateway in a process of its own, over services that another one runs: started by `startGateways`. */
import { readSettings } from '#shared/settings.ts'
import { startClock } from '../clock.ts'
import { loadFunctions } from '../functions.ts'
import { createDispatch } from './dispatch.ts'
import { startServer } from './server.ts'
import { Throttle } from './throttle.ts'

/** What the process is told. */
export interface Told {
  readonly advanceSeconds: number
}
/** What it says: where it serves, and then its offset after each move of its clock. */
export type Said = { readonly url: string } | { readonly offsetSeconds: number }

const clock = startClock()
const { steps } = await loadFunctions()
const server = await startServer({
  port: 0,
  // Every address of 127.0.0.0/8 is this machine's, so callers differ as they do on a network.
  sourceIp: (socketAddress) => socketAddress,
  report: console.error,
  answer: createDispatch({
    steps,
    throttle: new Throttle(false),
    allowedOrigins: readSettings(process.env).ALLOWED_ORIGINS,
    replied: () => undefined,
    report: console.error,
  }),
})
const say = (said: Said) => process.send?.(said)

process.on('message', ({ advanceSeconds }: Told) => {
  clock.advance(advanceSeconds)
  say({ offsetSeconds: clock.offsetSeconds() })
})
process.once('disconnect', () => process.exit(0))
say({ url: server.url })
