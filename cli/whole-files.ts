/**
 * Files that the command line writes. In a folder where others may write too, a link that lies in wait must not lead what
 * is written elsewhere: each file is made anew under a name that nobody can know, and renamed once it is whole.
 */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from './problem.ts'

/** Windows has no O_NOFOLLOW; links are rare there, and O_EXCL refuses them as well. */
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants

/** @throws the system's error EEXIST when something has that name, a link among them. @returns a descriptor to write to. */
export const openNew = (path: string): number =>
  openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)

/** Makes a folder where there is none. @throws Problem when something else has that name */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Problem(`${path} is a file: name a folder.`, 2)
  }
}

/** Renaming would put a file in place of a link or a device, such as `/dev/stdout`. */
function refuseOthers(path: string): void {
  // Else the name of the partial file would be told.
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
    throw new Problem(`${dirname(path)} is no folder: make it, or name another one.`, 2)
  const present = lstatSync(path, { throwIfNoEntry: false })
  if (present !== undefined && !present.isFile())
    throw new Problem(`${path} is there already and is no file: name another one.`, 2)
}

/**
 * Has files written under other names, and gives them their own once all are whole: a half is never taken for a whole.
 * What a killed run left, a `*.partial`, holds no later one up and is in nobody's way.
 * @param write is given the paths to write to, none of which is there yet
 * @throws Problem when one of the paths is there and is no file; what `write` throws, with nothing left of it
 */
export async function writeWhole<Paths extends Readonly<Record<string, string>>, Result>(
  paths: Paths,
  write: (partial: { readonly [Name in keyof Paths]: string }) => Promise<Result>,
): Promise<Result> {
  for (const path of Object.values(paths)) refuseOthers(path)
  const run = randomBytes(8).toString('hex')
  const partial = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, `${path}.${run}.partial`]),
  ) as { [Name in keyof Paths]: string }
  try {
    const result = await write(partial)
    for (const [name, path] of Object.entries(paths)) renameSync(partial[name] ?? '', path)
    return result
  } finally {
    for (const path of Object.values(partial)) rmSync(path, { force: true })
  }
}

/** Writes a small file. @throws the system's error EEXIST when something has that name */
export function writeNew(path: string, text: string): void {
  const file = openNew(path)
  try {
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

/** Puts a small file in the place of the one before it, as {@link writeWhole} does. @throws Problem */
export function replaceFile(path: string, text: string): void {
  refuseOthers(path)
  const partial = `${path}.${randomBytes(8).toString('hex')}.partial`
  try {
    writeNew(partial, text)
    renameSync(partial, path)
  } finally {
    rmSync(partial, { force: true })
  }
}

/**
 * Writes behind the first `bytes` of a file, whatever stood there; makes it anew where there are none.
 * @throws Problem when it is there and is no file, or shorter than that
 */
export function writeBehind(path: string, bytes: number, text: string): void {
  refuseOthers(path)
  if (bytes === 0) {
    rmSync(path, { force: true })
    writeNew(path, text)
    return
  }
  const file = openSync(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
  try {
    if (fstatSync(file).size < bytes)
      throw new Problem(`${path} is shorter than it was: remove it and start anew.`, 2)
    ftruncateSync(file, bytes)
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}
