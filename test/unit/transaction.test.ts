/** Transactions whose writes have names: which of them is told to have refused, though DynamoDB need not name all. */
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { put, update } from '#shared/stores/database.ts'
import { commit } from '#shared/stores/transaction.ts'
import { useSettings } from '#test/support/environment.ts'

useSettings()
const client = mockClient(DynamoDBClient)
beforeEach(() => client.reset())
afterAll(() => client.restore())

/** A cancelled transaction: each write that refused gives the item it met, the others nothing. */
const cancelled = (...met: (string | undefined)[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: met.map((pk) =>
      pk === undefined ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Item: { pk: { S: pk } } },
    ),
  })
const sent = () =>
  client.commandCalls(TransactWriteItemsCommand).map(({ args: [command] }) => command.input.TransactItems)

const counted = (pk: string) =>
  update('challenges', { pk }, 'SET #seen = :now', {
    condition: 'fails < :last',
    values: { now: 1, last: 2 },
  })
const made = (pk: string) => put('challenges', { pk }, { condition: 'attribute_not_exists(pk)' })

test('of several refusals the first name in the order given is told, with what it met, and all that were named', async () => {
  client.on(TransactWriteItemsCommand).rejects(cancelled(undefined, 'met b', undefined, 'met d'))
  const end = await commit({ a: made('a'), list: [made('b'), made('c')], none: undefined, d: made('d') })
  expect(end).toEqual({
    committed: false,
    refusedBy: 'list',
    met: { pk: 'met b' },
    refused: new Set(['list', 'd']),
  })
  expect(sent()[0]).toHaveLength(4)
})

test('a later refusal hides none of those that must speak first: they are held to their conditions again, alone', async () => {
  client
    .on(TransactWriteItemsCommand)
    .rejectsOnce(cancelled(undefined, undefined, 'met c'))
    .rejectsOnce(cancelled('met a'))
  const end = await commit({ a: counted('a'), b: counted('b'), c: made('c') }, ['a'])
  expect(end).toMatchObject({ committed: false, refusedBy: 'a', met: { pk: 'met a' } })
  const [, again] = sent()
  // The change is not made, and names only what the condition needs: DynamoDB refuses the rest.
  expect(again).toEqual([
    {
      ConditionCheck: {
        TableName: 'latchkey-challenges',
        Key: { pk: { S: 'a' } },
        ConditionExpression: 'fails < :last',
        ExpressionAttributeValues: { ':last': { N: '2' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
  ])
})

test('what holds still leaves the refusal that was named; what was named first is asked no second time', async () => {
  client.on(TransactWriteItemsCommand).rejectsOnce(cancelled(undefined, 'met b')).resolves({})
  expect(await commit({ a: counted('a'), b: made('b') }, ['a'])).toMatchObject({ refusedBy: 'b' })
  expect(sent()).toHaveLength(2)
  client.reset()
  client.on(TransactWriteItemsCommand).rejectsOnce(cancelled('met a', 'met b'))
  expect(await commit({ a: counted('a'), b: made('b') }, ['a', 'b'])).toMatchObject({ refusedBy: 'a' })
  expect(sent()).toHaveLength(1)
})
