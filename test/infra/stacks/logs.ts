import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ofType, type Stacks } from '../synth.ts'

/** Names of the inventory in docs/controls.md, by the ends of logical ids. */
const inventory: readonly (readonly [RegExp, string])[] = [
  [/^Api.*AccessLog/, 'access log'],
  [/^Api.*ExecutionLog/, 'execution log'],
  [/FirewallLog/, 'firewall log'],
  [/UploadLog/, 'upload log'],
  [/Log/, 'functions’ logs'],
]

const page = readFileSync(new URL('../../../docs/controls.md', import.meta.url), 'utf8')
const named = [...(page.split('| log | what |')[1]?.split('\n\n')[0] ?? '').matchAll(/^\| ([^|]+) \|/gm)]
  .map(([, name = '']) => name.replaceAll("'", '’'))
  .filter((name) => !name.startsWith('---'))

export function aboutLogs({ code, pages }: Stacks): void {
  describe('the logs', () => {
    it('stand in the inventory, each that is deployed, and it names no other', () => {
      const groups = [code, pages].flatMap((resources) =>
        ofType(resources, 'AWS::Logs::LogGroup').map(([id]) => id),
      )
      const deployed = groups.map((id) => inventory.find(([pattern]) => pattern.test(id))?.[1] ?? id)
      // What is no log group of ours: tables, queues and AWS's own.
      const others = ['ledger', 'traces', 'metrics and alarms', 'administrators’ acts', 'dead letters']
      expect(named.filter((name) => !others.includes(name)).sort()).toEqual([...new Set(deployed)].sort())
    })
  })
}
