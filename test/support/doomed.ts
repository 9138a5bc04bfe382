/** A worker in a process of its own, to be killed in the midst of its work: started by `killable.ts`. */
import { startClock } from '#local/clock.ts'
import { type Handler, type Invocation, invoke } from '#local/runtime.ts'

export interface Doom {
  readonly worker: string
  readonly event: unknown
  readonly offsetSeconds: number
  readonly invocation: Invocation
}

process.once('message', async ({ worker, event, offsetSeconds, invocation }: Doom) => {
  startClock().advance(offsetSeconds)
  const { handler } = (await import(`../../functions/workers/${worker}.ts`)) as { handler: Handler }
  await invoke(handler, event, invocation)
  process.send?.('done')
})
