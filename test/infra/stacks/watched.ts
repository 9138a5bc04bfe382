/** Which calls by administrators are told of: rules of EventBridge, asked with calls as CloudTrail writes them. */
import { describe, expect, it } from 'vitest'
import { tableIds } from '../../../infra/data.ts'
import { ofType, type Resource, type Resources, type Stacks } from '../synth.ts'

/** A name that CloudFormation fills in stands as its reference. */
const filled = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_name, each) => (typeof each?.Ref === 'string' ? `ref-${each.Ref}` : each)),
  )

const wildcard = (text: string) =>
  new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replaceAll(/[.\\/]/g, '\\$&'))
      .join('.*')}$`,
  )

/** EventBridge's tests, as far as the rules have them. */
function passes(test: unknown, value: unknown): boolean {
  if (typeof test === 'string') return value === test
  const [[kind, operand] = []] = Object.entries(test as Record<string, string | string[]>)
  if (typeof value !== 'string') return false
  if (kind === 'prefix') return value.startsWith(String(operand))
  if (kind === 'suffix') return value.endsWith(String(operand))
  if (kind === 'wildcard') return wildcard(String(operand)).test(value)
  if (kind === 'anything-but') return !(operand as string[]).includes(value)
  throw new Error(`What does ${kind} do?`)
}

function matches(pattern: object, event: unknown): boolean {
  return Object.entries(pattern).every(([name, meant]) => {
    const value = (event as Record<string, unknown> | undefined)?.[name]
    if (!Array.isArray(meant)) return matches(meant, value)
    const values = Array.isArray(value) ? value : [value]
    return meant.some((test) => values.some((each) => passes(test, each)))
  })
}

interface Call {
  readonly by?: 'cloudformation.amazonaws.com'
  readonly parameters?: object
}

/** Ids of the notices that a call makes. */
export const toldOf =
  (resources: Resources) =>
  (service: string, eventName: string, { by, parameters = {} }: Call = {}): string[] => {
    const event = {
      source: `aws.${service}`,
      'detail-type': 'AWS API Call via CloudTrail',
      detail: {
        eventSource: `${service}.amazonaws.com`,
        eventName,
        sourceIPAddress: by ?? '203.0.113.9',
        requestParameters: parameters,
      },
    }
    const rules = ofType(resources, 'AWS::Events::Rule').filter(
      ([, { Properties }]) => Properties.EventPattern,
    )
    const told = rules.filter(([, { Properties }]) =>
      matches(filled(Properties.EventPattern) as object, event),
    )
    return [...new Set(told.map(([, { Properties }]) => String(Properties.Description).split('#')[1] ?? ''))]
  }

const deployment = { by: 'cloudformation.amazonaws.com' } as const
const idOf = (resources: Resources, type: string, which: (resource: Resource) => boolean) =>
  `ref-${ofType(resources, type).find(([, resource]) => which(resource))?.[0]}`

export function aboutWatched({ workers }: Stacks): void {
  const told = toldOf(workers)
  const deliver = idOf(workers, 'AWS::Lambda::Function', ({ Properties }) =>
    Properties.Description?.endsWith(': deliver'),
  )
  const topicArn = idOf(workers, 'AWS::SNS::Topic', () => true)

  describe('calls by administrators', () => {
    it('are told of for every table of the stage, by its name or its ARN, and for no other table', () => {
      const names = tableIds.map((id) => `ref-${id.charAt(0).toUpperCase()}${id.slice(1)}Table`)
      for (const name of names) {
        const arn = `arn:aws:dynamodb:eu-central-1:111122223333:table/${name}`
        for (const tableName of [name, arn])
          expect(told('dynamodb', 'UpdateTable', { parameters: { tableName } })).toEqual(['table-changed'])
        expect(told('dynamodb', 'DeleteResourcePolicy', { parameters: { resourceArn: arn } })).toEqual([
          'table-changed',
        ])
      }
      const other = {
        parameters: { tableName: 'orders', resourceArn: 'arn:aws:dynamodb:eu-central-1:1:table/orders' },
      }
      expect([told('dynamodb', 'DeleteTable', other), told('dynamodb', 'PutResourcePolicy', other)]).toEqual([
        [],
        [],
      ])
    })

    it('that change deliver are told of whoever makes them, those of any other function when made by hand', () => {
      const update = (functionName: string, by: object = {}) =>
        told('lambda', 'UpdateFunctionCode20150331v2', { parameters: { functionName }, ...by })
      expect(update(deliver, deployment)).toEqual(['function-changed'])
      expect(update(`arn:aws:lambda:eu-central-1:111122223333:function:${deliver}`)).toEqual([
        'function-changed',
      ])
      const login = 'latchkey-prod-service-loginFunction1A2B3C'
      expect(update(login)).toEqual(['function-changed'])
      expect(update(`arn:aws:lambda:eu-central-1:111122223333:function:${login}`)).toEqual([
        'function-changed',
      ])
      expect(update(login, deployment)).toEqual([])
      expect(update('latchkey-production-service-login')).toEqual([])
    })

    it('that make a role under the stage’s path, or change one by hand, are told of', () => {
      const made = (path: string) =>
        told('iam', 'CreateRole', { parameters: { path, roleName: 'any' }, ...deployment })
      expect([made('/latchkey-prod/deliver/'), made('/latchkey-dev/deliver/'), made('/')]).toEqual([
        ['role-changed'],
        [],
        [],
      ])
      const parameters = { roleName: 'latchkey-prod-workers-deliverRole1A2B3C' }
      expect(told('iam', 'PutRolePolicy', { parameters })).toEqual(['role-changed'])
      expect(told('iam', 'PutRolePolicy', { parameters, ...deployment })).toEqual([])
    })

    it('that shut a flow or change the firewall are told of', () => {
      const set = (name: string) => told('wafv2', 'UpdateRegexPatternSet', { parameters: { name } })
      expect([set('latchkey-prod-stopped-flows'), set('of-others')]).toEqual([['firewall-changed'], []])
      const acl = (metricName: string) =>
        told('wafv2', 'UpdateWebACL', { parameters: { visibilityConfig: { metricName } } })
      expect([acl('latchkey-prod'), acl('shop')]).toEqual([['firewall-changed'], []])
      const resourceArn = 'arn:aws:apigateway:eu-central-1::/restapis/abc/stages/live'
      expect(told('wafv2', 'DisassociateWebACL', { parameters: { resourceArn } })).toEqual([
        'firewall-changed',
      ])
    })

    it('that would silence all of this are told of: of the trail, the alarms, the rules and the topic', () => {
      expect(told('cloudtrail', 'StopLogging')).toEqual(['trail-changed'])
      const alarmNames = ['other', 'latchkey-prod-workers-Monitoringapierrors1A2B']
      expect(told('monitoring', 'DeleteAlarms', { parameters: { alarmNames } })).toEqual(['alarm-changed'])
      expect(told('monitoring', 'DeleteAlarms', { parameters: { alarmNames }, ...deployment })).toEqual([])
      expect(told('monitoring', 'DisableAlarmActions', { parameters: { alarmNames: ['other'] } })).toEqual([])
      const name = 'latchkey-prod-workers-Monitoringkeychanged1A2B'
      expect(told('events', 'DisableRule', { parameters: { name } })).toEqual(['alarm-changed'])
      expect(told('events', 'RemoveTargets', { parameters: { rule: name } })).toEqual(['alarm-changed'])
      expect(told('sns', 'Unsubscribe', { parameters: { subscriptionArn: `${topicArn}:1a2b` } })).toEqual([
        'alarm-changed',
      ])
      expect(told('sns', 'DeleteTopic', { parameters: { topicArn } })).toEqual(['alarm-changed'])
    })
  })
}
