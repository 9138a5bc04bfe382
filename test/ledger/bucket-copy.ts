/** A copy of the ledger's bucket in a folder, as `aws s3 sync` makes it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { canonical } from '#shared/ledger/canonical.ts'
import { objectKey } from '#shared/stores/checkpoints.ts'
import type { Ledger } from './forge.ts'

/** @returns the names of all objects that begin so. */
export async function objectNames(prefix?: string): Promise<string[]> {
  const names: string[] = []
  const listing = { Bucket: process.env['LEDGER_BUCKET'], ...(prefix && { Prefix: prefix }) }
  let ContinuationToken: string | undefined
  do {
    const page = await new S3Client({}).send(new ListObjectsV2Command({ ...listing, ContinuationToken }))
    names.push(...(page.Contents ?? []).map(({ Key = '' }) => Key))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  return names
}

function writeUnder(folder: string, name: string, text: string): void {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

export async function copyBucket(folder: string, names?: readonly string[]): Promise<void> {
  const client = new S3Client({})
  for (const Key of names ?? (await objectNames())) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: process.env['LEDGER_BUCKET'], Key }))
    writeUnder(folder, Key, (await Body?.transformToString()) ?? '')
  }
}

/** What a sealer would have left in the bucket of a ledger made in memory: the entries of each checkpoint in two objects. */
export function writeCopy(folder: string, { entries, checkpoints }: Ledger): void {
  const sealed = new Map<string, number>()
  for (const checkpoint of checkpoints) {
    writeUnder(folder, objectKey(checkpoint.number), `${canonical(checkpoint)}\n`)
    const lines = checkpoint.leaves.flatMap(({ chain, seq }) => {
      const from = sealed.get(chain) ?? 0
      sealed.set(chain, seq)
      return entries
        .filter((entry) => entry.chain === chain && entry.seq > from && entry.seq <= seq)
        .map((entry) => `${canonical(entry)}\n`)
        .reverse()
    })
    const half = Math.ceil(lines.length / 2)
    const parts = { b: lines.slice(0, half), a: lines.slice(half) }
    for (const [name, part] of Object.entries(parts))
      if (part.length > 0)
        writeUnder(
          folder,
          `entries/${String(checkpoint.number).padStart(12, '0')}/${name}.ndjson`,
          part.join(''),
        )
  }
}
