/** Files of lines, larger than memory: read one line at a time, and sorted in runs that are merged. */
import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Unusable } from '#shared/ledger/findings.ts'
import { openNew, writeNew } from './whole-files.ts'

const chunkBytes = 1024 * 1024
/** A checkpoint of 50,000 leaves is about 10 MB; a file without line ends is not read to its end. */
const longestLineBytes = 64 * 1024 * 1024
const runBytes = 16 * 1024 * 1024
/** What a string that was put together of parts costs beside its characters, about. */
const stringBytes = 256
/** Runs are read all at once, and there may be hundreds. */
const runChunkBytes = 64 * 1024
const lineEnd = 0x0a

/** Something else than text, or text of another encoding. */
export class NoText extends Unusable {}

function decoded(bytes: Buffer, path: string): string {
  if (!isUtf8(bytes)) throw new NoText(`${path} is not UTF-8 text`)
  return bytes.toString('utf8')
}

/** @returns a descriptor to read from. @throws Unusable when it is a folder; errors of the file system as they are */
function openOld(path: string): number {
  const file = openSync(path, 'r')
  if (!fstatSync(file).isDirectory()) return file
  closeSync(file)
  throw new Unusable(`${path} is a folder`)
}

/** @throws Unusable when it is a folder; errors of the file system as they are */
export function readBytes(path: string): Buffer {
  const file = openOld(path)
  try {
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/** @throws Unusable when the file is not UTF-8 text; errors of the file system as they are */
export const readText = (path: string): string => decoded(readBytes(path), path)

/**
 * Reads into one buffer over and over, so that a large file leaves nothing behind but the lines.
 * @param firstBytes of that buffer, until a line is longer
 * @throws Unusable when the file is not lines of UTF-8 text; errors of the file system as they are
 */
export function* readLines(path: string, firstBytes = chunkBytes): Generator<string> {
  const file = openOld(path)
  try {
    let buffer = Buffer.allocUnsafe(firstBytes)
    let kept = 0
    for (;;) {
      if (kept === buffer.length) buffer = doubled(buffer, path)
      const read = readSync(file, buffer, kept, buffer.length - kept, null)
      if (read === 0) break
      const filled = buffer.subarray(0, kept + read)
      let start = 0
      for (let end = filled.indexOf(lineEnd, kept); end !== -1; end = filled.indexOf(lineEnd, start)) {
        yield decoded(filled.subarray(start, end), path)
        start = end + 1
      }
      filled.copy(buffer, 0, start)
      kept = filled.length - start
    }
    if (kept > 0) yield decoded(buffer.subarray(0, kept), path)
  } finally {
    closeSync(file)
  }
}

function doubled(buffer: Buffer<ArrayBuffer>, path: string): Buffer<ArrayBuffer> {
  if (buffer.length >= longestLineBytes) throw new Unusable(`${path} has a line that is too long`)
  const larger = Buffer.allocUnsafe(2 * buffer.length)
  buffer.copy(larger)
  return larger
}

/** Writes lines in large pieces. @throws the system's error EEXIST when the file is there already */
export class LineWriter {
  readonly #file: number
  #waiting: string[] = []
  #characters = 0

  constructor(path: string) {
    this.#file = openNew(path)
  }

  write(line: string): void {
    this.#waiting.push(line, '\n')
    this.#characters += line.length + 1
    if (this.#characters >= chunkBytes) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    const data = Buffer.from(this.#waiting.join(''))
    for (let written = 0; written < data.length; ) written += writeSync(this.#file, data, written)
    this.#waiting = []
    this.#characters = 0
  }
}

interface Run {
  line: string
  readonly rest: Iterator<string>
}

/** Lets the run at `place` sink to where no smaller one is below it. */
function sink(heap: Run[], start: number): void {
  let place = start
  for (;;) {
    const left = 2 * place + 1
    let least = place
    for (const below of [left, left + 1]) {
      const [one, other] = [heap[below], heap[least]]
      if (one && other && one.line < other.line) least = below
    }
    const [upper, lower] = [heap[place], heap[least]]
    if (least === place || !upper || !lower) return
    heap[place] = lower
    heap[least] = upper
    place = least
  }
}

/** @param sources each in order */
function* merged(sources: Iterable<Iterator<string>>): Generator<string> {
  const heap: Run[] = []
  for (const rest of sources) {
    const { done, value } = rest.next()
    if (!done) heap.push({ line: value, rest })
  }
  for (let place = heap.length >> 1; place >= 0; place -= 1) sink(heap, place)
  for (let least = heap[0]; least !== undefined; least = heap[0]) {
    yield least.line
    const { done, value } = least.rest.next()
    if (!done) least.line = value
    else {
      const last = heap.pop()
      if (last && last !== least) heap[0] = last
    }
    sink(heap, 0)
  }
}

/** Sorts lines by UTF-16 code unit; what does not fit in memory waits in a folder of its own. */
export class LineSorter {
  readonly #folder: string
  readonly #runBytes: number
  #lines: string[] = []
  #bytes = 0
  #directory: string | undefined
  #runs = 0

  /** @param folder in which the folder of runs is made when it is needed */
  constructor(folder: string, bytes = runBytes) {
    this.#folder = folder
    this.#runBytes = bytes
  }

  add(line: string): void {
    this.#lines.push(line)
    this.#bytes += line.length + stringBytes
    if (this.#bytes >= this.#runBytes) this.#spill()
  }

  sorted(): Iterable<string> {
    this.#lines.sort()
    if (this.#runs === 0) return this.#lines
    const files = Array.from({ length: this.#runs }, (_, run) => readLines(this.#pathOf(run), runChunkBytes))
    return merged([...files, this.#lines.values()])
  }

  /** Removes what was written. */
  close(): void {
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true })
  }

  #pathOf(run: number): string {
    this.#directory ??= mkdtempSync(join(this.#folder, 'latchkey-sort-'))
    return join(this.#directory, String(run))
  }

  #spill(): void {
    this.#lines.sort()
    writeNew(this.#pathOf(this.#runs), `${this.#lines.join('\n')}\n`)
    this.#runs += 1
    this.#lines = []
    this.#bytes = 0
  }
}
