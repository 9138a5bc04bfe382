/** The tables of routes and flows in Markdown. */
import { type Flow, type FlowId, flows } from '#shared/contract/flows.ts'
import { type Route, type RouteId, routes, throttles } from '#shared/contract/routes.ts'
import { challengeKinds, type Kind } from '#shared/stores/keys.ts'
import { eventWords } from '#shared/words/events.ts'
import { exitCodes, usageOf } from '../cli/help.ts'
import { type CommandName, specOf, specs } from '../cli/specs.ts'
import { alarmWords, type MailWords } from '../infra/alarm-words.ts'
import { noticeWords } from '../infra/notice-words.ts'
import { isTakeover, reachOf, roles, textOf } from '../infra/reach.ts'
import { always, fields, mayHave, typeNames, types } from './event-types.ts'
import { kindsInWords } from './kinds.ts'

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

const access = { public: '-', session: 'Bearer', admin: 'IAM' } as const

/** One line a command. */
export function commandsTable(): string {
  const lines = (Object.keys(specs) as CommandName[]).map((name) => {
    const { does, role } = specOf(name)
    return [`\`${usageOf(name).replaceAll('|', '\\|')}\``, role === undefined ? '-' : `\`${role}\``, does]
  })
  return `${table(['latchkey', 'role on AWS', 'does'], lines)}\n\n${exitCodes.replace('\n', ' ')}\n`
}

/** One line an alarm or notice: what its mail says. */
export function mailsTable(): string {
  const lines = Object.entries<MailWords>({ ...alarmWords, ...noticeWords }).map(
    ([id, { wrong, people, todo }]) => [`[\`${id}\`](#${id})`, wrong, people, todo],
  )
  return `${table(['mail', 'what is wrong', 'what people notice', 'what to do'], lines)}\n`
}

/** One line a route: what it does, which function does it, which refusals are its own. */
export function routesTable(): string {
  const lines = Object.values(routes as Record<RouteId, Route>).map((route) => [
    `\`${route.method} ${route.path}\``,
    access[route.access],
    route.flow ?? '-',
    `[${route.step}](../functions/${route.step}.ts)`,
    `${throttles[route.throttle].ratePerSecond}/s`,
    route.codes.map((code) => `\`${code}\``).join(' ') || '-',
    route.summary,
  ])
  const head = ['route', 'who', 'flow', 'function', 'throttle', 'its own refusals', 'does']
  return `# Routes and flows\n\nGenerated from \`shared/contract\` by \`npm run docs\`.\n\n${table(head, lines)}\n`
}

/** One line a flow. */
export function flowsTable(): string {
  const lines = Object.entries(flows as Record<FlowId, Flow>).map(([id, flow]) => [
    id,
    flow.subject,
    flow.channel,
    flow.codeLifeSeconds,
    flow.triesPerCode,
    flow.codesPerSubjectHour,
    flow.codesPerIpHour,
    flow.cooldownSeconds,
    flow.givesToken ? 'yes' : 'no',
    flow.passwordRule ?? '-',
  ])
  const head = [
    'flow',
    'subject',
    'channel',
    'code life, s',
    'tries',
    'codes per subject and hour',
    'codes per IP and hour',
    'wait, s',
    'token',
    'password rule',
  ]
  return `${table(head, lines)}\n`
}

/** One line a kind of items in the challenges table: its key, what it holds, whose it is, and what goes when. */
export function challengesTable(): string {
  const unlocked = { item: 'yes', limits: '`frozenUntil`, `s1..sn`', nothing: '-' } as const
  const lines = Object.entries(kindsInWords).map(([name, { rest, what, whose }]) => {
    const { letter, unlock, ofPerson }: Kind = challengeKinds[name as keyof typeof challengeKinds]
    return [`\`${letter}${rest}\``, what, whose, unlocked[unlock ?? 'nothing'], ofPerson ? 'yes' : '-']
  })
  return `${table(['key', 'what', 'whose', 'unlock takes it', 'erasure takes it'], lines)}\n`
}

/** One line a type of event, then one a field. */
export function eventsTable(): string {
  const named = (list: readonly string[]) => list.map((each) => `\`${each}\``).join(', ') || '-'
  const rows = typeNames.map((type) => [
    `\`${type}\``,
    eventWords[type].when,
    named(types[type].has),
    named(types[type].may),
  ])
  const about = Object.entries(fields).map(([field, { what }]) => [`\`${field}\``, what])
  return [
    `Every event has ${named(always)}, and ${named(mayHave)} where it is so. Beside them:`,
    table(['type', 'when', 'has', 'may have'], rows),
    `${table(['field', 'what'], about)}\n`,
  ].join('\n\n')
}

/** One line a role: what it could do if it turned. */
export function reachTable(): string {
  const reaches = roles().map(([name, access]) => [name, reachOf(access)] as const)
  const said = (ids: ReturnType<typeof reachOf>) => ids.map(textOf).join('; ') || '-'
  const lines = reaches.map(([name, reach]) => [
    `\`${name}\``,
    said(reach.filter(isTakeover)),
    said(reach.filter((id) => !isTakeover(id))),
  ])
  const takers = reaches.filter(([, reach]) => reach.some(isTakeover)).map(([name]) => `\`${name}\``)
  const count = `${takers.length} of ${reaches.length} roles could take over the account of anyone: ${takers.join(', ')}.`
  return `${count}\n\n${table(['role', 'could take over anyone:', 'could also'], lines)}\n`
}
