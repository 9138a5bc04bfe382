/** What a cold start is compared with: a function that has the DynamoDB client, its own credential chain, and nothing else. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'

const client = new DynamoDBClient()

export const handler = (input: ConstructorParameters<typeof GetItemCommand>[0]) =>
  client.send(new GetItemCommand(input))
