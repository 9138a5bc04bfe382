/** `npm run prove -- examples`: a new team with the tarball, the examples and the registry; nothing of the checkout but those. */
import { once } from 'node:events'
import { cpSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Measured, measured } from '../bench/figures.ts'
import { newTeam, type Team } from './examples/team.ts'
import type { Proof } from './proof.ts'

const examples = join(import.meta.dirname, '..', 'examples')

async function post<Body>(url: string, body: object, token?: string): Promise<Body> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const headers = { 'content-type': 'application/json', ...authorization }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await reply.json()) as Body
}

interface Made {
  readonly userId: string
  readonly token: string
}
const person = (latchkey: string, fields: object) => post<Made>(`${latchkey}/_local/identities`, fields)

/** What an API that Latchkey guards answers: no token, a session, one that may not, one that may, one that was ended. */
async function guardedAnswers(latchkey: string, api: string): Promise<string> {
  const { token: plain } = await person(latchkey, { session: [] })
  const { token: proved } = await person(latchkey, { pin: '482915', session: ['POSSESSION', 'PIN'] })
  const statusOf = async (method: string, path: string, token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    return (await fetch(api + path, { method, headers })).status
  }
  const before = [
    await statusOf('GET', '/account'),
    await statusOf('GET', '/account', plain),
    await statusOf('POST', '/transfers', plain),
    await statusOf('POST', '/transfers', proved),
  ]
  await post(`${latchkey}/api/auth/logout`, {}, proved)
  return [...before, await statusOf('GET', '/account', proved)].join(' ')
}

/** A provider of messages that the team's sender calls, and what it was called with. */
async function provider() {
  const taken: { readonly to: string; readonly values: readonly string[] }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    taken.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(201).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, taken, close: () => server.close() }
}

async function until<Value>(look: () => Promise<Value | undefined> | Value | undefined): Promise<Value> {
  const end = performance.now() + 20_000
  while (performance.now() < end) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('It never came')
}

/** A reset by a code that the team's own sender handed to its provider; the team's consumer is told of it. */
async function resetByOwnSender(team: Team, folder: string): Promise<string> {
  cpSync(join(examples, 'whatsapp', 'sender.ts'), join(folder, 'sender.ts'))
  cpSync(join(examples, 'events', 'end-sessions.ts'), join(folder, 'end-sessions.ts'))
  const { url: PROVIDER_URL, taken, close } = await provider()
  try {
    const latchkey = await team.serve(folder, 'start.ts', { LATCHKEY_SENDER: 'sender.ts', PROVIDER_URL })
    const email = 'kim@example.com'
    const { userId } = await person(latchkey, { email, password: 'a' })
    await post(`${latchkey}/api/auth/forgot-password`, { email })
    const otp = await until(() => taken.find(({ to }) => to === email)?.values[0])
    const body = { email, otp, newPassword: 'Another-lantern-77' }
    const { success } = await post<{ success: boolean }>(`${latchkey}/api/auth/reset-password`, body)
    const { endSessions, pattern } = await import(pathToFileURL(join(folder, 'end-sessions.ts')).href)
    const event = await until(async () => {
      const reply = await fetch(`${latchkey}/_local/events?userId=${userId}`)
      const events = (await reply.json()) as { 'detail-type': string }[]
      return events.find((each) => pattern['detail-type'].includes(each['detail-type']))
    })
    const ended: string[] = []
    await endSessions({ endBefore: async (who: string) => void ended.push(who) })(event)
    return `${success} ${ended.join() === userId}`
  } finally {
    close()
  }
}

interface Trial {
  readonly wanted: string
  /** @returns what came of it */
  readonly go: (team: Team, folder: string, latchkey: string) => Promise<string>
}

/** With the framework itself and its types, which nothing else here has. @param types packages of declarations */
const guardedApi = (...types: string[]): Trial => ({
  wanted: '401 200 403 200 401',
  async go(team, folder, latchkey) {
    await team.run(folder, 'npm', 'install', '--no-save', 'typescript@5', '@types/node@24', ...types)
    await team.run(folder, 'npx', '--no-install', 'tsc', ...strictly, 'server.ts')
    return guardedAnswers(latchkey, await team.serve(folder, 'server.ts', { LATCHKEY_URL: latchkey }))
  },
})
/** As a new project has it, declarations of libraries checked too; Node runs the sources as they are. */
const strictly = ['--noEmit', '--strict', '--module', 'nodenext', '--allowImportingTsExtensions']

const trials: Readonly<Record<string, Trial>> = {
  express: guardedApi('@types/express@5'),
  hono: guardedApi(),
  stack: { wanted: 'true true', go: (team, folder) => resetByOwnSender(team, folder) },
  playwright: {
    wanted: 'passed',
    go: async (team, folder) => ((await team.run(folder, 'npm', 'test')) ? 'passed' : ''),
  },
  'cdk-app': {
    wanted: '4',
    async go(team, folder) {
      await team.run(folder, 'npm', 'run', 'synth')
      const templates = readdirSync(join(folder, 'cdk.out'), { recursive: true, encoding: 'utf8' })
      return String(templates.filter((name) => name.endsWith('.template.json')).length)
    },
  },
}

async function* tried(
  team: Team,
  name: string,
  latchkey: string,
  report: (line: string) => void,
): AsyncGenerator<Measured> {
  report(`${name}: installing and using it ...`)
  const began = performance.now()
  const { wanted, go } = trials[name] as Trial
  const came = await team
    .install(name)
    .then((folder) => go(team, folder, latchkey))
    .catch((error: Error) => error.message)
  if (came !== wanted) report(`${name}: ${came} in place of ${wanted}`)
  yield measured(`examples.${name}.works`, Number(came === wanted), '', { least: 1 })
  yield measured(
    `examples.${name}.seconds`,
    (performance.now() - began) / 1000,
    's',
    {},
    'installed and used',
  )
}

export const proof: Proof = {
  about:
    'A new team with the packed package, the examples and the registry: a guarded API, an own sender, a consumer of events, a CDK app, a tested page.',
  options: { only: { type: 'string' } },
  async *run({ only }, report) {
    report('packing ...')
    const team = await newTeam()
    try {
      report('starting the stack from the package ...')
      const latchkey = await team.serve(await team.install('stack'), 'start.ts')
      const names = Object.keys(trials).filter((name) => only === undefined || name === only)
      for (const name of names) yield* tried(team, name, latchkey, report)
    } finally {
      await team.leave()
    }
  },
}
