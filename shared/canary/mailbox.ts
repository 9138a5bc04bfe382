/** The canary's mailbox: a bucket that SES puts each letter into, one object each. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  S3Client,
} from '@aws-sdk/client-s3'
import { clientOptions, lean } from '../aws/client.ts'
import { perEnvironment } from '../per-environment.ts'
import { lettersPrefix } from './letters.ts'
import { type Letter, letterIn } from './mail.ts'

const client = perEnvironment(() => lean(new S3Client(clientOptions)))

/** A letter of ours takes a tenth of it; what is larger is none. */
const longestLetter = 200_000

export interface Patience {
  readonly waitSeconds: number
  readonly pauseSeconds: number
}

/** Names of the letters that are there: of a day, for the bucket keeps none longer. @throws what S3 answered */
export async function lettersIn(bucket: string): Promise<string[]> {
  const names: string[] = []
  let from: string | undefined
  // A stranger's thousand letters must not hide the one that is waited for.
  do {
    const page: ListObjectsV2CommandOutput = await client().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: lettersPrefix, ContinuationToken: from }),
    )
    for (const { Key, Size = 0 } of page.Contents ?? [])
      if (Key !== undefined && Size <= longestLetter) names.push(Key)
    from = page.NextContinuationToken
  } while (from !== undefined)
  return names
}

async function read(bucket: string, key: string): Promise<string> {
  const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return (await Body?.transformToString()) ?? ''
}

/**
 * Waits for letters with a code: more than one may come, for whoever knows the mailbox can write to it in our name.
 * @param known letters that are not meant
 * @param sender address that it comes from
 * @param patience how long it waits, and between two looks
 * @returns each letter, and how many seconds it was waited for; it ends when the time is over
 * @throws what S3 answered
 */
export async function* awaitLetters(
  bucket: string,
  known: ReadonlySet<string>,
  sender: string,
  { waitSeconds, pauseSeconds }: Patience,
): AsyncGenerator<Letter & { readonly seconds: number }> {
  const seen = new Set(known)
  for (let seconds = 0; seconds <= waitSeconds; seconds += pauseSeconds) {
    for (const key of await lettersIn(bucket)) {
      if (seen.has(key)) continue
      seen.add(key)
      const letter = letterIn(await read(bucket, key), sender)
      if (letter !== undefined) yield { ...letter, seconds }
    }
    await sleep(pauseSeconds * 1000)
  }
}
