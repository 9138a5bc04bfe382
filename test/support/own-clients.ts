/** Files of a worker share the SDK: one that stands in for a client puts it back, or every file after it would meet the stand-in. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SESClient } from '@aws-sdk/client-ses'
import { SNSClient } from '@aws-sdk/client-sns'
import { afterAll } from 'vitest'

const clients = [DynamoDBClient, KMSClient, S3Client, SESClient, SNSClient]
const own = new Map(clients.map((client) => [client, client.prototype.send as unknown]))

// Hooks end in the order in which they were added turned around: this one comes after the file's own.
afterAll(() => {
  for (const client of clients)
    if (client.prototype.send !== own.get(client))
      throw new Error(`This file left a stand-in for ${client.name} behind: restore() it in afterAll.`)
})
