/** How long the functions take to answer for known and for unknown people, in random order, with no worker running. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { startClock } from '#local/clock.ts'
import { type Scenario, scenarios } from '../scenarios.ts'
import { answerWith } from './ask.ts'
import { type BundlePaths, type Deployment, deploy, expectStatus } from './deployment.ts'
import { newIp, newPerson, type Person, register } from './people.ts'

export interface TimingInput {
  readonly paths: BundlePaths
  /** Place in the list of scenarios. */
  readonly scenario: number
  readonly pairs: number
}

/** Milliseconds of each answer. */
export interface Times {
  readonly known: readonly number[]
  readonly unknown: readonly number[]
}

interface Subject {
  readonly person: Person
  readonly isKnown: boolean
  /** Of the code that was asked for in this round. */
  flowId?: string
}
interface Request {
  readonly subject: Subject
  readonly turn: number
}

const mostPeople = 250
/** Past every window of budgets and limits. */
const pastWindowsSeconds = 2 * 3600

/** Fisher-Yates. */
function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1)
    const [a, b] = [items[last], items[other]] as [T, T]
    items[last] = b
    items[other] = a
  }
  return items
}

async function people(deployment: Deployment, count: number): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (let made = 0; made < count; made += 1) {
    subjects.push({ person: await register(deployment), isKnown: true })
    subjects.push({ person: newPerson(), isKnown: false })
  }
  return subjects
}

/** Asks for a code for everyone, and lets the workers bind it, for the unknown as well. */
async function askForCodes(deployment: Deployment, scenario: Scenario, subjects: readonly Subject[]) {
  if (scenario.asks === undefined) return
  for (const subject of shuffle([...subjects])) {
    const reply = await deployment.call(scenario.asks, scenario.typed(subject.person), { ip: newIp() })
    subject.flowId = expectStatus(reply, 200).body.data.flowId
  }
  await deployment.pump()
}

/** Every second turn names the code by its id, for each challenge has a counter for those and one for the others. */
function bodyOf({ typed, secret }: Scenario, { subject, turn }: Request) {
  const named = subject.flowId !== undefined && turn % 2 === 1 ? { flowId: subject.flowId } : {}
  return { ...typed(subject.person), ...secret?.(), ...named }
}

async function timeOne(deployment: Deployment, scenario: Scenario, request: Request): Promise<number> {
  let spent = Number.NaN
  const reply = await deployment.call(scenario.route, bodyOf(scenario, request), {
    ip: newIp(),
    meter: async (_name, run) => {
      const start = performance.now()
      const result = await run()
      spent = performance.now() - start
      return result
    },
  })
  expectStatus(reply, scenario.status)
  return spent
}

type Take = (request: Request, spent: number) => void

async function oneByOne(
  deployment: Deployment,
  scenario: Scenario,
  requests: readonly Request[],
  take: Take,
) {
  for (const request of requests) take(request, await timeOne(deployment, scenario, request))
}

async function bySlots(deployment: Deployment, scenario: Scenario, requests: readonly Request[], take: Take) {
  const start = performance.now()
  const open = requests.map(async (request, place) => {
    const due = start + place * (scenario.slotMs ?? 0)
    await sleep(Math.max(0, due - performance.now()))
    take(request, await timeOne(deployment, scenario, request))
  })
  await Promise.all(open)
}

async function measure({ paths, scenario: place, pairs }: TimingInput): Promise<Times> {
  const scenario = scenarios[place]
  if (scenario === undefined) throw new Error(`There is no scenario ${place}`)
  const clock = startClock()
  const deployment = await deploy(paths)
  const times = { known: [] as number[], unknown: [] as number[] }
  const take: Take = ({ subject }, spent) => void times[subject.isKnown ? 'known' : 'unknown'].push(spent)
  const subjects = await people(deployment, Math.min(mostPeople, Math.ceil(pairs / scenario.turns)))
  await deployment.pump()
  while (times.known.length < pairs) {
    clock.advance(pastWindowsSeconds)
    await deployment.services.ask('advance', pastWindowsSeconds)
    await askForCodes(deployment, scenario, subjects)
    const turns = Array.from({ length: scenario.turns }, (_, turn) => turn)
    const requests = shuffle(subjects.flatMap((subject) => turns.map((turn) => ({ subject, turn }))))
    await (scenario.slotMs === undefined ? oneByOne : bySlots)(deployment, scenario, requests, take)
    await deployment.pump()
  }
  await deployment.close()
  clock.close()
  return times
}

answerWith({ measure })
