/** Objects of the emulated S3: each a file and a small JSON file beside it, in one folder per bucket. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readState, writeState } from '#local/state-file.ts'

export interface ObjectInfo {
  readonly key: string
  readonly etag: string
  readonly size: number
  /** Epoch milliseconds. */
  readonly modifiedAt: number
  /** Headers that come back as they were given: content type, checksums, metadata, lock. */
  readonly headers: Readonly<Record<string, string>>
  /** Epoch milliseconds until which Object Lock holds it. */
  readonly lockedUntil?: number
}

/** All calls are synchronous, so that a check and the write that rests on it are one step. */
export interface Bucket {
  info(key: string): ObjectInfo | undefined
  read(key: string): Buffer
  put(info: ObjectInfo, body: Buffer): void
  remove(key: string): void
  /** All objects in the order of their keys' bytes. */
  list(): readonly ObjectInfo[]
}

const infoSuffix = '.info.json'
const bodySuffix = '.object'
/** A file's name may have 255 bytes; S3 itself takes keys of 1,024. */
export const longestFileName = 220

/** The name of a key's file, without a suffix. One key, one name; no name leaves the folder. */
export function fileNameOf(key: string): string {
  return encodeURIComponent(key)
}

export function openBucket(folder: string): Bucket {
  mkdirSync(folder, { recursive: true })
  const objects = load(folder)
  const pathOf = (key: string, suffix: string) => join(folder, `${fileNameOf(key)}${suffix}`)
  return {
    info: (key) => objects.get(key),
    read: (key) => readFileSync(pathOf(key, bodySuffix)),
    put(info, body) {
      writeFileSync(pathOf(info.key, bodySuffix), body)
      // The object is there once this file is.
      writeState(pathOf(info.key, infoSuffix), info)
      objects.set(info.key, info)
    },
    remove(key) {
      rmSync(pathOf(key, infoSuffix), { force: true })
      rmSync(pathOf(key, bodySuffix), { force: true })
      objects.delete(key)
    },
    list: () => [...objects.values()].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))),
  }
}

function load(folder: string): Map<string, ObjectInfo> {
  const files = readdirSync(folder).filter((file) => file.endsWith(infoSuffix))
  const infos = files.map((file) => readState(join(folder, file)) as ObjectInfo)
  const present = infos.filter((info) => existsSync(join(folder, `${fileNameOf(info.key)}${bodySuffix}`)))
  return new Map(present.map((info) => [info.key, info]))
}
