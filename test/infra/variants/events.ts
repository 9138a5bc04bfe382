/** A stage that publishes its entries, and one that does not. */
import { describe, expect, it } from 'vitest'
import { streamSources } from '#shared/event-sources.ts'
import { roleLines } from '../policies.ts'
import { ofType, type Stacks } from '../synth.ts'

const publishers = ({ code }: Stacks) =>
  ofType(code, 'AWS::Lambda::Function')
    .map(([, { Properties }]) => Properties)
    .filter(({ Description }) => String(Description).endsWith(': publish'))
const rightsOf = (stacks: Stacks) => roleLines(stacks).get('publish') ?? []
const putEvents = (line: string) => line.includes('events:PutEvents')

/**
 * @param byName publishes on the bus `team`
 * @param byArn publishes on the bus `acme` of the account 111122223333
 */
export function aboutEvents(byName: Stacks, byArn: Stacks): void {
  describe('a stage with a bus', () => {
    it('has one worker more, fed by new entries of the ledger, which knows the bus', () => {
      const [made, ...more] = publishers(byName)
      expect(more).toEqual([])
      expect(made?.Environment.Variables.EVENT_BUS).toBe('team')
      const { publish } = streamSources
      const mapping = ofType(byName.workers, 'AWS::Lambda::EventSourceMapping')
        .map(([, { Properties }]) => Properties)
        .find(({ FilterCriteria: { Filters } }) => Filters[0].Pattern === JSON.stringify(publish.filters[0]))
      expect(mapping).toMatchObject({
        BatchSize: publish.batchSize,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: publish.maximumRetryAttempts,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      })
      expect(mapping?.DestinationConfig.OnFailure.Destination).toBeDefined()
    })

    it('may put events on that bus alone, and do nothing else but read its stream', () => {
      expect(rightsOf(byName).filter(putEvents)).toEqual([
        'Allow events:PutEvents arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/team',
      ])
      expect(rightsOf(byArn).filter(putEvents)).toEqual([
        'Allow events:PutEvents arn:aws:events:eu-central-1:111122223333:event-bus/acme',
      ])
      const others = rightsOf(byName).filter((line) => !putEvents(line))
      for (const line of others)
        expect(line).toMatch(
          / (logs|xray|sqs:(SendMessage|GetQueue\w+) Workerspublishdeadletters|dynamodb:(\w*Stream\w*|Get(Records|ShardIterator))\b)/,
        )
      const rest = [...roleLines(byName)].filter(([role]) => role !== 'publish')
      expect(rest.flatMap(([, lines]) => lines).filter(putEvents)).toEqual([])
    })

    it('wakes somebody where entries are given up or late', () => {
      const alarms = ofType(byName.workers, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
        String(Properties.AlarmDescription).split('#').at(-1),
      )
      expect(alarms).toEqual(expect.arrayContaining(['dead-letters-publish', 'stream-behind-publish']))
    })
  })
}

/** @param stacks of a stage that names no bus */
export function aboutNoEvents(stacks: Stacks): void {
  it('without a bus nothing is deployed for events: no worker, no reader of the stream, no right, no setting', () => {
    expect(publishers(stacks)).toEqual([])
    expect(JSON.stringify(stacks.code)).not.toMatch(/PutEvents|EVENT_BUS|"\["INSERT"\]"|publish-/)
    const readers = ofType(stacks.workers, 'AWS::Lambda::EventSourceMapping')
    expect(readers).toHaveLength(Object.keys(streamSources).length - 1)
  })
}
