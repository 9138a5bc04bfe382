/** The canary's mailbox: a bucket that SES puts each letter into, one object each. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { clientOptions, lean } from '../aws/client.ts'
import { perEnvironment } from '../per-environment.ts'
import { lettersPrefix } from './letters.ts'
import { codeIn } from './mail.ts'

const client = perEnvironment(() => lean(new S3Client(clientOptions)))

/** A letter of ours takes a tenth of it; what is larger is none. */
const longestLetter = 200_000

export interface Patience {
  readonly waitSeconds: number
  readonly pauseSeconds: number
}

/** Names of the letters that are there: of a day, for the bucket keeps none longer. @throws what S3 answered */
export async function lettersIn(bucket: string): Promise<string[]> {
  const { Contents = [] } = await client().send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: lettersPrefix }),
  )
  return Contents.flatMap(({ Key, Size = 0 }) => (Key === undefined || Size > longestLetter ? [] : [Key]))
}

async function read(bucket: string, key: string): Promise<string> {
  const { Body } = await client().send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return (await Body?.transformToString()) ?? ''
}

/**
 * Waits for a letter with a code.
 * @param known letters that are not meant
 * @param sender address that it comes from
 * @param patience how long it waits, and between two looks
 * @returns the code, and how many seconds it was waited for; undefined where none came in time
 * @throws what S3 answered
 */
export async function awaitCode(
  bucket: string,
  known: ReadonlySet<string>,
  sender: string,
  { waitSeconds, pauseSeconds }: Patience,
): Promise<{ readonly code: string; readonly seconds: number } | undefined> {
  const seen = new Set(known)
  for (let seconds = 0; seconds <= waitSeconds; seconds += pauseSeconds) {
    for (const key of await lettersIn(bucket)) {
      if (seen.has(key)) continue
      seen.add(key)
      const code = codeIn(await read(bucket, key), sender)
      if (code !== undefined) return { code, seconds }
    }
    await sleep(pauseSeconds * 1000)
  }
  return undefined
}
