/** Real SDK clients that speak to the emulated services, one attempt each, so that each call on the wire is seen. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SESClient } from '@aws-sdk/client-ses'
import { SNSClient } from '@aws-sdk/client-sns'
import type { Services } from '#local/services/index.ts'

export function clientsOf({ environment }: Services, maxAttempts = 1) {
  const at = (service: string) => ({
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
    region: environment['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
  })
  return {
    dynamodb: new DynamoDBClient(at('DYNAMODB')),
    streams: new DynamoDBStreamsClient(at('DYNAMODB_STREAMS')),
    events: new EventBridgeClient(at('EVENTBRIDGE')),
    kms: new KMSClient(at('KMS')),
    s3: new S3Client(at('S3')),
    ses: new SESClient(at('SES')),
    sns: new SNSClient(at('SNS')),
  }
}

export type Clients = ReturnType<typeof clientsOf>
