/** How far each worker has come in each shard of its stream. */
import { join } from 'node:path'
import { readState, writeState } from '../state-file.ts'

/** Writes are gathered this long: a checkpoint that lags only means that records come once more. */
const gatherMs = 100

export interface Place {
  readonly worker: string
  /** A stream's ARN names its creation, so a checkpoint of a table made anew is never used. */
  readonly streamArn: string
  readonly shardId: string
}

export interface Checkpoints {
  /** @returns the last sequence number that needs no more handling. */
  get(place: Place): string | undefined
  set(place: Place, sequenceNumber: string): void
  /** Writes what was gathered. */
  close(): void
}

export const checkpointsFile = (dataDir: string) => join(dataDir, 'checkpoints.json')

/** @param dataDir keeps the checkpoints there. */
export function openCheckpoints(dataDir?: string): Checkpoints {
  const file = dataDir === undefined ? undefined : checkpointsFile(dataDir)
  const numbers = new Map(Object.entries(file === undefined ? {} : stored(file)))
  const nameOf = (place: Place) => `${place.worker} ${place.streamArn} ${place.shardId}`
  let timer: NodeJS.Timeout | undefined
  const write = () => {
    timer = undefined
    if (file !== undefined) writeState(file, Object.fromEntries(numbers))
  }
  return {
    get: (place) => numbers.get(nameOf(place)),
    set(place, sequenceNumber) {
      numbers.set(nameOf(place), sequenceNumber)
      timer ??= setTimeout(write, gatherMs)
    },
    close() {
      if (timer === undefined) return
      clearTimeout(timer)
      write()
    },
  }
}

function stored(file: string): Record<string, string> {
  const state = readState(file) ?? {}
  if (typeof state !== 'object' || !Object.values(state).every((value) => typeof value === 'string')) {
    throw new Error(`${file} is damaged: it holds no sequence numbers. Remove it to read the streams anew.`)
  }
  return state as Record<string, string>
}
