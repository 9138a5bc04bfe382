/** The clients of AWS do less on each call than the SDK's own: what they leave out is there to be left out. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SESClient } from '@aws-sdk/client-ses'
import { SNSClient } from '@aws-sdk/client-sns'
import { expect, test } from 'vitest'
import { clientOptions, idleSteps, lean } from '#shared/aws/client.ts'

const options = { ...clientOptions, region: 'us-east-1' }

test.each([
  ['DynamoDB', () => new DynamoDBClient(options)],
  ['KMS', () => new KMSClient(options)],
  ['SES', () => new SESClient(options)],
  ['SNS', () => new SNSClient(options)],
])('%s has the steps that are left out, and keeps those that retry, sign and trace', (_, create) => {
  const stepsOf = (client: ReturnType<typeof create>) =>
    client.middlewareStack.identify().map((line) => line.split(' ', 1)[0])
  const before = stepsOf(create())
  expect(before).toEqual(expect.arrayContaining([...idleSteps]))
  expect(stepsOf(lean(create()))).toEqual(before.filter((name) => !idleSteps.some((idle) => idle === name)))
})
