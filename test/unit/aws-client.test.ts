/** The clients of AWS do less on each call than the SDK's own: what they leave out is there to be left out, what they sign is right. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { SESClient } from '@aws-sdk/client-ses'
import { SNSClient } from '@aws-sdk/client-sns'
import { Hash } from '@smithy/core/serde'
import { SignatureV4 } from '@smithy/signature-v4'
import type { HttpRequest } from '@smithy/types'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientOptions, idleSteps, lean } from '#shared/stores/aws-client.ts'
import { RequestSigner } from '#shared/stores/request-signer.ts'

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

interface Post {
  readonly body: string
  readonly target: string | undefined
  readonly token: string | undefined
  readonly secret: string
  readonly at: Date
}

const visible = (least: number, most: number) => fc.stringMatching(new RegExp(`^[!-~]{${least},${most}}$`))
const posts: fc.Arbitrary<Post> = fc.record({
  body: fc.string({ unit: 'binary' }),
  target: fc.option(visible(1, 40), { nil: undefined }),
  token: fc.option(visible(1, 200), { nil: undefined }),
  secret: visible(1, 60),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
})

const requestOf = ({ target }: Post, body: string | Uint8Array): HttpRequest => ({
  method: 'POST',
  protocol: 'https:',
  hostname: 'dynamodb.us-east-1.amazonaws.com',
  path: '/',
  query: {},
  headers: {
    host: 'dynamodb.us-east-1.amazonaws.com',
    'content-type': 'application/x-amz-json-1.0',
    'amz-sdk-request': 'attempt=1; max=3',
    'content-length': '7',
    'X-Amzn-Trace-Id': 'Root=1',
    ...(target !== undefined && { 'x-amz-target': target }),
  },
  body,
})

const settingsOf = ({ secret, token }: Post) => ({
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: secret,
    ...(token !== undefined && { sessionToken: token }),
  },
  region: 'us-east-1',
  service: 'dynamodb',
})

describe('the signer', () => {
  test('signs as the library does, of the headers that AWS insists on', async () => {
    await fc.assert(
      fc.asyncProperty(posts, fc.boolean(), async (post, asBytes) => {
        const body = asBytes ? Buffer.from(post.body) : post.body
        const given = { signingDate: post.at }
        const signed = await new RequestSigner(settingsOf(post)).sign(requestOf(post, body), given)
        const library = new SignatureV4({
          ...settingsOf(post),
          sha256: Hash.bind(null, 'sha256') as never,
          applyChecksum: false,
        })
        const expected = await library.sign(requestOf(post, body), {
          ...given,
          unsignableHeaders: new Set(['amz-sdk-request', 'content-length', 'x-amzn-trace-id']),
        })
        expect(signed.headers).toEqual(expected.headers)
      }),
    )
  })

  test('signs anew what is sent again: with the new time, and without the token of older credentials', async () => {
    const post = { body: '{}', target: 'a', token: 'old', secret: 's', at: new Date('2026-01-01') }
    const fresh = { ...post, token: undefined, secret: 'other', at: new Date('2026-01-02') }
    const request = await new RequestSigner(settingsOf(post)).sign(requestOf(post, '{}'), {
      signingDate: post.at,
    })
    const again = await new RequestSigner(settingsOf(fresh)).sign(request, { signingDate: fresh.at })
    const expected = await new RequestSigner(settingsOf(fresh)).sign(requestOf(fresh, '{}'), {
      signingDate: fresh.at,
    })
    expect(again.headers).toEqual(expected.headers)
  })

  test.each([{ method: 'PUT' }, { path: '/bucket/key' }, { query: { versions: '' } }])(
    'will not sign %j',
    async (change) => {
      const post = { body: '', target: undefined, token: undefined, secret: 's', at: new Date() }
      const signer = new RequestSigner(settingsOf(post))
      await expect(signer.sign({ ...requestOf(post, ''), ...change })).rejects.toThrow('Only posts')
    },
  )
})
