import { describe, expect, it } from 'vitest'
import { type ScheduledWorkerId, type StreamSource, schedules, streamSources } from '#shared/event-sources.ts'
import { policy } from '#shared/policy.ts'
import { readSettings } from '#shared/settings.ts'
import { access } from '../../../infra/access.ts'
import { memoryMb, reservedConcurrency, timeoutSeconds } from '../../../infra/capacity.ts'
import type { StageConfig } from '../../../infra/config.ts'
import { workersFor } from '../../../infra/deployed.ts'
import { steps } from '../../../infra/steps.ts'
import { ofType, type Stacks } from '../synth.ts'
import { aboutNoEvents } from '../variants/events.ts'

export function aboutFunctions(stacks: Stacks, config: StageConfig): void {
  const { code, workers: behind } = stacks
  const workers = workersFor(config)
  const fed = Object.entries(streamSources).flatMap(([id, source]): StreamSource[] =>
    (workers as readonly string[]).includes(id) ? [source] : [],
  )
  const functions = ofType(code, 'AWS::Lambda::Function').map(([, made]) => made.Properties)
  const byId = new Map(
    functions.map((made) => [String(made.Description).replace('Latchkey prod: ', ''), made]),
  )

  describe('the functions', () => {
    it('are one for each step and worker, and the one that puts the decoy', () => {
      expect([...byId.keys()].sort()).toEqual([...steps, ...workers, 'put-decoy'].sort())
      expect(functions).toHaveLength(byId.size)
    })

    it('each run on Node 24 and arm64 with tracing, JSON logs and a log group of their own', () => {
      const groups = functions.map((made) => JSON.stringify(made.LoggingConfig.LogGroup))
      expect(new Set(groups).size).toBe(functions.length)
      for (const made of functions) {
        expect([made.Runtime, made.Architectures]).toEqual(['nodejs24.x', ['arm64']])
        expect(made.TracingConfig).toEqual({ Mode: 'Active' })
        expect(made.LoggingConfig).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'INFO' })
      }
    })

    it('are named by CloudFormation, after the stack: so the commands of a restore find them', () => {
      expect(functions.filter((made) => made.FunctionName !== undefined)).toEqual([])
    })

    it('each have a role of their own', () => {
      const roles = functions.map((made) => JSON.stringify(made.Role))
      expect(new Set(roles).size).toBe(functions.length)
    })

    it('keep their logs for the named time, whatever becomes of the stack', () => {
      for (const [, group] of ofType(code, 'AWS::Logs::LogGroup')) {
        expect(group.Properties.RetentionInDays).toBe(365)
        expect(group.DeletionPolicy).toBe('RetainExceptOnCreate')
        expect(group.UpdateReplacePolicy).toBe('Retain')
      }
    })

    it('never log an event, which would hold PINs and passwords', () => {
      for (const made of functions) {
        const names = Object.keys(made.Environment.Variables)
        expect(names.filter((name) => /LOG_EVENT|DEBUG|POWERTOOLS_DEV/.test(name))).toEqual([])
      }
    })

    it('have a whole processor where they hash, and half a gigabyte elsewhere', () => {
      for (const [id, made] of byId)
        expect([id, made.MemorySize]).toEqual([
          id,
          'hashes' in access[id as keyof typeof access] ? 1769 : 512,
        ])
    })

    it('have half a processor for a hash where no imported one is taken', () => {
      const { loginFloorLeastMs, importFloorLeastMs } = policy
      expect(memoryMb('login', loginFloorLeastMs)).toBe(885)
      expect(memoryMb('login', importFloorLeastMs)).toBe(1769)
      expect(memoryMb('verify-code', loginFloorLeastMs)).toBe(512)
    })

    it('have places of their own where a flood must stop', () => {
      const reserved = [...byId].filter(([, made]) => made.ReservedConcurrentExecutions !== undefined)
      expect(
        Object.fromEntries(reserved.map(([id, made]) => [id, made.ReservedConcurrentExecutions])),
      ).toEqual({
        login: 60,
        'reset-password': 40,
        'reset-pin': 20,
        'verify-pin': 20,
        'set-pin': 10,
        'change-password': 10,
        deliver: 20,
        notify: 10,
        'append-ledger': 20,
        'seal-ledger': 1,
        'sweep-outbox': 1,
        'watch-sms': 1,
      })
    })

    it('leave places for everything else of an account with the usual quota of 1,000', () => {
      const total = Object.values(reservedConcurrency).reduce((sum, places) => sum + places, 0)
      expect(total).toBeLessThanOrEqual(500)
    })

    it('are given every setting they read', () => {
      const text = (value: unknown) => (typeof value === 'string' ? value : 'made-at-deployment')
      for (const made of functions) {
        const environment = Object.entries(made.Environment.Variables).map(([name, value]) => [
          name,
          text(value),
        ])
        const read = readSettings(Object.fromEntries(environment))
        expect(read.SMS_SENDERS).toEqual(config.sms.senders)
        expect(read.ALLOWED_ORIGINS).toEqual(config.allowedOrigins)
        expect(read.LEDGER_RETENTION_DAYS).toBe(2557)
      }
    })
  })

  describe('the workers', () => {
    it('are fed by the streams as the shared table says, and give up to a queue', () => {
      const mappings = ofType(behind, 'AWS::Lambda::EventSourceMapping').map(
        ([, { Properties }]) => Properties,
      )
      expect(mappings).toHaveLength(fed.length)
      for (const source of fed) {
        const patterns = source.filters.map((filter) => ({ Pattern: JSON.stringify(filter) }))
        const mapping = mappings.find(
          ({ FilterCriteria }) => JSON.stringify(FilterCriteria.Filters) === JSON.stringify(patterns),
        )
        expect(mapping).toMatchObject({
          BatchSize: source.batchSize,
          BisectBatchOnFunctionError: source.bisectBatchOnError,
          MaximumRetryAttempts: source.maximumRetryAttempts,
          ParallelizationFactor: source.parallelizationFactor,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          StartingPosition: 'TRIM_HORIZON',
        })
        expect(mapping.DestinationConfig.OnFailure.Destination).toBeDefined()
      }
    })

    aboutNoEvents(stacks)

    it('take events one batch of a shard at a time: more would let those of one subject overtake each other (G8)', () => {
      expect(streamSources['append-ledger'].parallelizationFactor).toBe(1)
    })

    it('run on schedule as the shared table says', () => {
      const rates = ofType(behind, 'AWS::Events::Rule').flatMap(
        ([, rule]) => rule.Properties.ScheduleExpression ?? [],
      )
      const minutes = Object.values(schedules).map(({ everySeconds }) => everySeconds / 60)
      const expected = minutes.map((count) => `rate(${count} ${count === 1 ? 'minute' : 'minutes'})`)
      expect(rates.sort()).toEqual(expected.sort())
    })

    it('that fail on schedule are tried once more: an event outlives a run and the minute that Lambda waits', () => {
      const configs = ofType(behind, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties)
      const longestRun = Math.max(...(Object.keys(schedules) as ScheduledWorkerId[]).map(timeoutSeconds))
      expect(configs).toHaveLength(Object.keys(schedules).length)
      for (const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } of configs) {
        expect(MaximumRetryAttempts).toBe(1)
        expect(MaximumEventAgeInSeconds).toBeGreaterThan(longestRun + 60)
        expect(DestinationConfig.OnFailure.Destination).toBeDefined()
      }
    })

    it('leave what failed in encrypted queues, reached over TLS alone, for two weeks', () => {
      const queues = ofType(behind, 'AWS::SQS::Queue')
      expect(queues).toHaveLength(workers.length)
      for (const [, queue] of queues)
        expect(queue.Properties).toMatchObject({
          MessageRetentionPeriod: 14 * 24 * 3600,
          SqsManagedSseEnabled: true,
        })
      expect(ofType(behind, 'AWS::SQS::QueuePolicy')).toHaveLength(queues.length)
    })
  })
}
