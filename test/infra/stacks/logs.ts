import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ofType, type Stacks } from '../synth.ts'

/** Names of the inventory in docs/controls.md, by the ends of logical ids. */
const inventory: readonly (readonly [RegExp, string])[] = [
  [/^Api.*AccessLog/, 'access log'],
  [/FirewallLog/, 'firewall log'],
  [/UploadLog/, 'upload log'],
  [/Log/, 'functions’ logs'],
]

const page = readFileSync(new URL('../../../docs/controls.md', import.meta.url), 'utf8')
const named = [...(page.split('| log | what |')[1]?.split('\n\n')[0] ?? '').matchAll(/^\| ([^|]+) \|/gm)]
  .map(([, name = '']) => name.replaceAll("'", '’'))
  .filter((name) => !name.startsWith('---'))

export function aboutLogs({ service, pages }: Stacks): void {
  describe('the logs', () => {
    it('stand in the inventory, each that is deployed, and it names no other', () => {
      const groups = [service, pages].flatMap((resources) =>
        ofType(resources, 'AWS::Logs::LogGroup').map(([id]) => id),
      )
      const deployed = groups.map((id) => inventory.find(([pattern]) => pattern.test(id))?.[1] ?? id)
      const [, stage] = ofType(service, 'AWS::ApiGateway::Stage')[0] ?? []
      const methods: { LoggingLevel: string }[] = stage?.Properties.MethodSettings ?? []
      const levels = methods.map(({ LoggingLevel }) => LoggingLevel)
      if (levels.some((level) => level !== 'OFF')) deployed.push('execution log')
      // What is no log group of ours: tables, queues and AWS's own.
      const others = ['ledger', 'traces', 'metrics and alarms', 'administrators’ acts', 'dead letters']
      expect(named.filter((name) => !others.includes(name)).sort()).toEqual([...new Set(deployed)].sort())
    })
  })
}
