import { describe, expect, it } from 'vitest'
import { type AlarmId, alarmWords, type MailWords } from '../../../infra/alarm-words.ts'
import { entryOf } from '../../../infra/bundle.ts'
import { assumptions } from '../../../infra/cost.ts'
import { type LogMetric, logMetrics } from '../../../infra/log-metrics.ts'
import { alarmText, noticeText } from '../../../infra/mail-text.ts'
import { type NoticeId, noticeWords } from '../../../infra/notice-words.ts'
import { watchedCalls, watchedRoles } from '../../../infra/watched-calls.ts'
import { fromRoot } from '../from-root.ts'
import { ofType, type Stacks } from '../synth.ts'

/** Source of a function and of what it imports of ours. */
function sourcesOf(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return []
  seen.add(path)
  const source = fromRoot(path)
  const imports = [...source.matchAll(/from '((?:#shared|\.\.?)\/[^']+\.ts)'/g)].map(
    (match) => match[1] ?? '',
  )
  const files = imports.map((each) =>
    each.startsWith('#shared/') ? each.slice(1) : new URL(each, `file:///${path}`).pathname.slice(1),
  )
  return [source, ...files.flatMap((file) => sourcesOf(file, seen))]
}

export function aboutAlarms({ data, workers }: Stacks): void {
  const alarms = ofType(workers, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties)
  const idOf = (alarm: { AlarmDescription: string }) => alarm.AlarmDescription.split('#')[1] ?? ''

  /** Of a stage with a witness, one that publishes its entries, and one that has a canary. */
  const ofOtherStages = [
    'witness-failed',
    ...['dead-letters-publish', 'stream-behind-publish', 'canary-failed', 'canary-silent'],
  ]
  const watched = [...new Set([...watchedCalls, ...watchedRoles].map(({ id }) => id))]

  describe('the alarms', () => {
    it('are exactly these, with these thresholds', async () => {
      const lines = alarms.map(
        (alarm) =>
          `${idOf(alarm)} ${alarm.ComparisonOperator} ${alarm.Threshold}, missing data ${alarm.TreatMissingData}`,
      )
      await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('./expected/alarms.txt')
    })

    it('read as many metrics, and the stacks have as many keys, as the estimate of the bill says', () => {
      const metricsOf = ({ Metrics = [{}] }: { Metrics?: { MetricStat?: object }[] }) =>
        Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length)
      expect(alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0)).toBe(assumptions.alarmMetrics)
      expect(ofType(data, 'AWS::KMS::Key')).toHaveLength(assumptions.keys)
    })

    it('each have words, and no words are of nothing', () => {
      const made = [...alarms.map(idOf), ...ofOtherStages]
      expect(Object.keys(alarmWords).sort()).toEqual([...new Set(made)].sort())
      expect(Object.keys(noticeWords).sort()).toEqual([...watched].sort())
    })

    it('each have their entry in the runbook, and the runbook no other', () => {
      const entries = [...fromRoot('docs/runbook.md').matchAll(/^### `([a-z-]+)`$/gm)].map(
        (match) => match[1],
      )
      const named = [...alarms.map(idOf), ...watched, ...ofOtherStages]
      expect(entries.sort()).toEqual([...new Set(named)].sort())
    })

    it.each([...Object.keys(alarmWords)] as AlarmId[])(
      'of %s say in the mail itself what is wrong, what people notice and what to do',
      (id) => {
        const text = alarmText('prod', id)
        expect(text.length).toBeLessThanOrEqual(1024)
        const [head, wrong, people, todo] = text.split('\n')
        expect(head).toBe(`Latchkey prod (sign-in and account recovery): ${id}`)
        expect(wrong).toMatch(/^What is wrong: [A-Z].{30,}\.$/)
        expect(people).toMatch(/^What people notice: [A-Z].*\.$/)
        expect(todo).toMatch(/^What to do: [A-Za-z].{30,}\.$/)
        expect(text.endsWith(`\nMore: docs/runbook.md#${id}`)).toBe(true)
      },
    )

    it('are made with that text, each with its own', () => {
      for (const alarm of alarms)
        expect(alarm.AlarmDescription).toBe(alarmText('prod', idOf(alarm) as AlarmId))
    })

    it('and the notices too, with who did what and when, in a form that EventBridge puts together', () => {
      const rules = ofType(workers, 'AWS::Events::Rule').filter(
        ([, { Properties }]) => Properties.EventPattern,
      )
      for (const [, { Properties }] of rules) {
        const id = String(Properties.Description).split('#')[1] as NoticeId
        const [{ InputTransformer }] = Properties.Targets
        const paths = Object.entries<string>(InputTransformer.InputPathsMap)
        expect(paths.map(([, path]) => path).sort()).toEqual([
          '$.detail.eventName',
          '$.detail.userIdentity.arn',
          '$.time',
        ])
        const by = (path: string) => `<${paths.find(([, each]) => each === path)?.[0]}>`
        const what = `${by('$.detail.eventName')} by ${by('$.detail.userIdentity.arn')} at ${by('$.time')}`
        expect(InputTransformer.InputTemplate).toBe(`"${noticeText('prod', id, what)}"`)
        expect(noticeText('prod', id, '')).not.toMatch(/[<>"\n]/)
      }
    })

    it('say it in characters that CloudFormation, EventBridge and every mailbox take', () => {
      const words = Object.entries<MailWords>({ ...alarmWords, ...noticeWords })
      for (const [id, { wrong, people, todo }] of words)
        expect([id, `${wrong}${people}${todo}`]).toEqual([id, expect.stringMatching(/^[ !'-;=?A-Z_a-z]+$/)])
    })

    it('tell of every key that somebody could take away, the one of the tables too', () => {
      const rules = ofType(workers, 'AWS::Events::Rule').map(
        ([, rule]) => rule.Properties.EventPattern?.detail,
      )
      const watching = rules.filter((detail) => detail?.eventName?.includes('ScheduleKeyDeletion'))
      for (const [key] of ofType(data, 'AWS::KMS::Key')) {
        const [, name, version] = /^(.+Key)(\d*)[0-9A-F]{8}$/.exec(key) ?? []
        const list = { 'Fn::Split': [',', { Ref: `${name}s` }] }
        const id = version ? { 'Fn::Select': [Number(version) - 1, list] } : { Ref: name }
        const named = watching.filter((detail) =>
          // By its id and by its ARN, which ends in it.
          JSON.stringify(detail.requestParameters).includes(JSON.stringify({ suffix: id })),
        )
        expect([key, named.length]).toEqual([key, 1])
        expect(named[0].eventName).toEqual(expect.arrayContaining(['DisableKey', 'PutKeyPolicy']))
        // DynamoDB itself calls it for its own.
        expect(named[0].eventName.includes('CreateGrant')).toBe(!key.startsWith('TableKey'))
        // A copy of the key elsewhere is under whatever policy its maker gives it.
        for (const call of ['ReplicateKey', 'UpdatePrimaryRegion'])
          expect(named[0].eventName.includes(call)).toBe(!key.startsWith('TableKey'))
      }
    })

    it('are told to a topic that no other account’s alarm or rule can publish to', () => {
      const statements = ofType(workers, 'AWS::SNS::TopicPolicy').flatMap(
        ([, { Properties }]) => Properties.PolicyDocument.Statement,
      ) as { Effect: string; Principal: { Service?: string | string[] }; Condition?: unknown }[]
      const allowed = statements.filter(({ Effect }) => Effect === 'Allow')
      expect(allowed.flatMap(({ Principal }) => Principal.Service).sort()).toEqual([
        'cloudwatch.amazonaws.com',
        'events.amazonaws.com',
      ])
      for (const { Condition } of allowed)
        expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } })
      const topics = ofType(workers, 'AWS::SNS::Topic').map(([id]) => id)
      const told = ofType(workers, 'AWS::Events::Rule').filter(([, { Properties }]) =>
        (Properties.Targets as { Arn: { Ref?: string } }[]).some(({ Arn }) => topics.includes(Arn.Ref ?? '')),
      )
      const ids = told.map(([, { Properties }]) => String(Properties.Description).split('#')[1] ?? '')
      expect([...new Set(ids)].sort()).toEqual([...watched].sort())
    })

    it('ring for silence where what is watched tells of itself, and nowhere else', () => {
      const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching').map(idOf)
      expect(silent.sort()).toEqual(['no-checkpoint', 'outbox-old', 'sms-unwatched'])
    })

    it('ring for an outage where little is asked for, and not for a single error', () => {
      const rate = alarms.find((alarm) => idOf(alarm) === 'api-error-rate')
      const [{ Expression = '' } = {}] = rate?.Metrics.filter((each: object) => 'Expression' in each) ?? []
      const percent = new Function('IF', 'errors', 'requests', `return ${Expression}`)
      const rings = (errors: number, requests: number) =>
        percent((is: boolean, yes: number, no: number) => (is ? yes : no), errors, requests) >=
        rate?.Threshold
      const cases = [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
        [3, 15],
        [9, 1000],
        [250, 1000],
      ] as const
      expect(cases.map(([errors, requests]) => rings(errors, requests))).toEqual([
        ...[false, false, false, true, true, false, true],
      ])
    })

    it('read of functions, tables and queues those of the stage alone', () => {
      const metrics = alarms.flatMap((alarm) => [
        alarm,
        ...(alarm.Metrics ?? []).flatMap(
          (each: { MetricStat?: { Metric: object } }) => each.MetricStat?.Metric ?? [],
        ),
      ])
      const ours = metrics.filter(({ Namespace }) =>
        /^AWS\/(Lambda|DynamoDB|SQS|ApiGateway|WAFV2)$/.test(Namespace),
      )
      expect(ours.length).toBeGreaterThan(30)
      for (const { Namespace, MetricName, Dimensions } of ours)
        expect([Namespace, MetricName, Dimensions?.length > 0]).toEqual([Namespace, MetricName, true])
    })

    it('each tell somebody', () => {
      for (const alarm of alarms) expect(alarm.AlarmActions).toHaveLength(1)
      const [, subscription] = ofType(workers, 'AWS::SNS::Subscription')[0] ?? []
      expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@example.com' })
    })

    it.each(Object.values(logMetrics) as LogMetric[])(
      'read a line that the function writes: $line',
      (metric) => {
        const sources = sourcesOf(entryOf(metric.function)).join('\n')
        expect(sources).toContain(`'${metric.line}'`)
        if (metric.field) expect(sources).toContain(metric.field)
      },
    )
  })
}
