/** `latchkey flow stop | start FLOW`: its routes answer 503 to everybody, without a deployment. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FlowId } from '#shared/contract/flows.ts'
import { flowIds, pathsOf } from '#shared/contract/stops.ts'
import { recordAct } from '#shared/stores/operator-acts.ts'
import { actOf } from '../act.ts'
import { apiSetting } from '../api-setting.ts'
import type { Given } from '../arguments.ts'
import { send } from '../aws.ts'
import { print } from '../output.ts'
import { Problem, usage } from '../problem.ts'
import type { Clock } from '../services.ts'
import { changeStoppedFlow } from '../stopped-flows.ts'

type Asked = Given<'flow stop'> | Given<'flow start'>

function flowIn({ words: [word] }: Asked): FlowId {
  const flow = flowIds.find((id) => id === word)
  if (flow === undefined) throw usage(`There is no flow "${word}". Flows: ${flowIds.join(', ')}.`)
  return flow
}

/** The firewall spreads a change within seconds; AWS names no bound. */
const longestWaitMs = 120_000
const pauseMs = 2_000

/** Looks at one of the flow's routes, by a method that it does not take: nothing is asked for. */
async function isShut(flow: FlowId): Promise<boolean> {
  const url = new URL(pathsOf(flow)[0] ?? '/', process.env[apiSetting])
  return (await send({ method: 'GET', service: 'execute-api', url })).status === 503
}

/** @returns after how many ms the API answers so, as seen from here */
async function untilSeen(flow: FlowId, stopped: boolean): Promise<number> {
  const begun = performance.now()
  for (;;) {
    if ((await isShut(flow)) === stopped) return performance.now() - begun
    if (performance.now() - begun > longestWaitMs)
      throw new Problem(
        `The firewall has taken it, but ${process.env[apiSetting]} does not answer so after two minutes. Look at what stands before the API.`,
        1,
      )
    await sleep(pauseMs)
  }
}

/** The entry first: a flow that is stopped without one would be worse than an entry that a second one takes back. */
async function change(given: Asked, clock: Clock, isLocal: boolean, stopped: boolean): Promise<number> {
  const flow = flowIn(given)
  const act = await actOf(given, isLocal)
  const said = { type: stopped ? 'FLOW_STOPPED' : 'FLOW_STARTED', flow } as const
  await recordAct(said, act, clock())
  try {
    await changeStoppedFlow(flow, stopped)
  } catch (error) {
    await recordAct({ ...said, outcome: 'failure', reason: 'firewall_refused' }, act, clock())
    throw error
  }
  return Math.ceil((await untilSeen(flow, stopped)) / 1000)
}

/** @throws Problem when it cannot be seen at the API; what AWS answered; Unavailable */
export async function stopCommand(given: Given<'flow stop'>, clock: Clock, isLocal: boolean): Promise<void> {
  const seconds = await change(given, clock, isLocal, true)
  print(
    given.json,
    { flow: given.words[0], stopped: true, seconds },
    () =>
      `${given.words[0]} is stopped: its routes answer 503 to everybody, seen after ${seconds} s. "latchkey flow start ${given.words[0]}" lets it go on; nothing else does.\n`,
  )
}

/** @throws as {@link stopCommand} */
export async function startCommand(
  given: Given<'flow start'>,
  clock: Clock,
  isLocal: boolean,
): Promise<void> {
  const seconds = await change(given, clock, isLocal, false)
  print(
    given.json,
    { flow: given.words[0], stopped: false, seconds },
    () => `${given.words[0]} goes on, seen after ${seconds} s.\n`,
  )
}
