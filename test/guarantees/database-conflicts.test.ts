/** G14: what DynamoDB does under contention and the embedded engine never does: conflicts and throttling. */
import {
  BatchGetItemCommand,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { Unavailable } from '#shared/aws/unavailable.ts'
import { getSeveral, put, tableName, transact, updateOne } from '#shared/stores/database.ts'
import { useSettings } from '#test/support/environment.ts'

useSettings()
const client = mockClient(DynamoDBClient)
beforeEach(() => client.reset())
afterAll(() => client.restore())

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({
      Code,
      ...(Code === 'ConditionalCheckFailed' && { Item: { pk: { S: 'met' } } }),
    })),
  })
const conflict = new TransactionConflictException({ message: 'conflict', $metadata: {} })
const writes = [put('challenges', { pk: 'a' }), put('challenges', { pk: 'b' })]
const sent = () => client.commandCalls(TransactWriteItemsCommand).map(({ args: [command] }) => command.input)

describe('a transaction', () => {
  test.each([
    ['a conflict', ['TransactionConflict', 'None']],
    ['throttling', ['ThrottlingError', 'None']],
    ['too little capacity', ['None', 'ProvisionedThroughputExceeded']],
  ])('that meets %s is sent again, with the same token and body, until it commits', async (_, reasons) => {
    client
      .on(TransactWriteItemsCommand)
      .rejectsOnce(cancelled(...reasons))
      .rejectsOnce(cancelled(...reasons))
      .resolves({})
    expect(await transact(writes)).toEqual({ committed: true })
    const inputs = sent()
    expect(inputs).toHaveLength(3)
    expect(inputs[1]).toEqual(inputs[0])
    expect(inputs[2]).toEqual(inputs[0])
  })

  test('that stays contended is given up after six attempts: Unavailable', async () => {
    client.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'TransactionConflict'))
    await expect(transact(writes)).rejects.toBeInstanceOf(Unavailable)
    expect(sent()).toHaveLength(6)
  })

  test('with a refused condition among conflicts has its verdict, and is not sent again', async () => {
    client.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'ConditionalCheckFailed'))
    const verdict = await transact(writes)
    if (verdict.committed) throw new Error('committed')
    expect([verdict.refused(0), verdict.refused(1)]).toEqual([false, true])
    expect([verdict.met(0), verdict.met(1)]).toEqual([undefined, { pk: 'met' }])
    expect(sent()).toHaveLength(1)
  })

  test('refused for a reason of no known kind is no verdict', async () => {
    client.on(TransactWriteItemsCommand).rejects(cancelled('ValidationError', 'None'))
    await expect(transact(writes)).rejects.toThrow(TransactionCanceledException)
    expect(sent()).toHaveLength(1)
  })

  test('whose service fails is an outage, and not sent again by us', async () => {
    client.on(TransactWriteItemsCommand).rejects(new Error('socket hang up'))
    await expect(transact(writes)).rejects.toBeInstanceOf(Unavailable)
    expect(sent()).toHaveLength(1)
  })

  test('has 128 random bits as its token, others than any transaction before, though the body is the same', async () => {
    client.on(TransactWriteItemsCommand).resolves({})
    for (let call = 0; call < 20; call += 1) await transact(writes)
    const tokens = sent().map(({ ClientRequestToken }) => ClientRequestToken)
    expect(new Set(tokens).size).toBe(20)
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('a single update', () => {
  const update = () => updateOne('challenges', { pk: 'a' }, 'SET x = :x', { values: { x: 1 } })

  test('that meets a transaction is sent again until it is through', async () => {
    client
      .on(UpdateItemCommand)
      .rejectsOnce(conflict)
      .rejectsOnce(conflict)
      .resolves({ Attributes: { x: { N: '1' } } })
    expect(await update()).toEqual({ done: true, item: { x: 1 } })
    expect(client.commandCalls(UpdateItemCommand)).toHaveLength(3)
  })

  test('that stays contended is given up after six attempts: Unavailable', async () => {
    client.on(UpdateItemCommand).rejects(conflict)
    await expect(update()).rejects.toBeInstanceOf(Unavailable)
    expect(client.commandCalls(UpdateItemCommand)).toHaveLength(6)
  })
})

describe('a read of several items', () => {
  const reads = [
    { table: 'challenges', key: { pk: 'a' } },
    { table: 'identities', key: { pk: 'b' } },
  ] as const
  const part = (table: 'challenges' | 'identities', pk: string) => ({
    [tableName(table)]: [{ pk: { S: pk } }],
  })
  const unread = { [tableName('identities')]: { Keys: [{ pk: { S: 'b' } }] } }

  test('that was answered in part asks for the rest, and gives all in the order asked for', async () => {
    client
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: part('challenges', 'a'), UnprocessedKeys: unread })
      .resolves({ Responses: part('identities', 'b') })
    expect(await getSeveral(reads)).toEqual([{ pk: 'a' }, { pk: 'b' }])
    const asked = client
      .commandCalls(BatchGetItemCommand)
      .map(({ args: [command] }) => command.input.RequestItems)
    expect(asked[1]).toEqual(unread)
  })

  test('that stays in part is given up after six attempts: Unavailable, and never half an answer', async () => {
    client.on(BatchGetItemCommand).resolves({ Responses: part('challenges', 'a'), UnprocessedKeys: unread })
    await expect(getSeveral(reads)).rejects.toBeInstanceOf(Unavailable)
    expect(client.commandCalls(BatchGetItemCommand)).toHaveLength(6)
  })
})
