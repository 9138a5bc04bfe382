/** Hands checkpoints to outside parties, so that whoever rules this account cannot take them back. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses'
import { clientOptions, lean } from '../aws/client.ts'
import { Unavailable } from '../aws/unavailable.ts'
import { mailboxHeader } from '../domain/mailbox.ts'
import { canonical } from '../ledger/canonical.ts'
import { type Checkpoint, withoutLeaves } from '../ledger/checkpoint.ts'
import { perEnvironment } from '../per-environment.ts'
import { settings } from '../settings.ts'
import { objectKey } from './checkpoints.ts'

const bucketClient = perEnvironment(() => lean(new S3Client(clientOptions)))
const mailClient = perEnvironment(() => lean(new SESClient(clientOptions)))

const hourMs = 3600 * 1000

/** A mailbox is sent the first checkpoint of each hour: it names all before it, and 288 letters a day nobody keeps. */
export const mailIsDue = (at: number, before: number) =>
  Math.floor(at / hourMs) !== Math.floor(before / hourMs)

const failed = (operation: string) => (error: unknown) => {
  throw new Unavailable(`${operation} for the witness failed`, error)
}

async function store(bucket: string, checkpoint: Checkpoint, line: string): Promise<void> {
  const object = { Bucket: bucket, Key: objectKey(checkpoint.number), Body: `${line}\n` }
  await bucketClient().send(new PutObjectCommand(object)).catch(failed('S3 PutObject'))
}

async function mail(address: string, checkpoint: Checkpoint, line: string): Promise<void> {
  const { EMAIL_FROM, EMAIL_CONFIGURATION_SET, PRODUCT } = settings()
  const text = `Keep this line in a file. "latchkey ledger verify DIR --checkpoint FILE" holds a later export to it.\n\n${line}\n`
  const command = new SendEmailCommand({
    Source: mailboxHeader(EMAIL_FROM),
    Destination: { ToAddresses: [address] },
    Message: {
      Subject: { Data: `${PRODUCT} ledger: checkpoint ${checkpoint.number}` },
      Body: { Text: { Data: text } },
    },
    ...(EMAIL_CONFIGURATION_SET !== undefined && { ConfigurationSetName: EMAIL_CONFIGURATION_SET }),
  })
  await mailClient().send(command).catch(failed('SES SendEmail'))
}

/**
 * Hands a checkpoint to the witnesses that are set. One that fails is not tried again: the next checkpoint names this one.
 * @param before `at` of the checkpoint before
 * @returns what failed
 */
export async function handToWitness(checkpoint: Checkpoint, before: number): Promise<unknown[]> {
  const { WITNESS_BUCKET, WITNESS_EMAIL } = settings()
  const line = canonical(withoutLeaves(checkpoint))
  const handing: Promise<void>[] = []
  if (WITNESS_BUCKET !== undefined) handing.push(store(WITNESS_BUCKET, checkpoint, line))
  if (WITNESS_EMAIL !== undefined && mailIsDue(checkpoint.at, before))
    handing.push(mail(WITNESS_EMAIL, checkpoint, line))
  const results = await Promise.allSettled(handing)
  return results.filter((result) => result.status === 'rejected').map(({ reason }) => reason)
}
