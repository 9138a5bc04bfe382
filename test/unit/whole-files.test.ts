import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { LineWriter } from '../../cli/line-files.ts'
import { makeFolder, openNew, replaceFile, writeBehind, writeNew, writeWhole } from '../../cli/whole-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'whole-files-'))
afterAll(() => rmSync(directory, { recursive: true }))

let folder: string
let victim: string
const at = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(directory, 'case-'))
  victim = join(mkdtempSync(join(directory, 'elsewhere-')), 'victim')
  writeFileSync(victim, 'untouched')
})

const paths = () => ({ one: at('one'), two: at('two') })

test('nothing that is made new follows a link or takes the place of a file', () => {
  symlinkSync(victim, at('link'))
  symlinkSync(at('nowhere'), at('dangling'))
  writeFileSync(at('file'), 'mine')
  for (const name of ['link', 'dangling', 'file'])
    for (const make of [
      openNew,
      (path: string) => writeNew(path, 'x'),
      (path: string) => new LineWriter(path),
    ])
      expect(() => make(at(name))).toThrow('EEXIST')
  expect([victim, at('file')].map((path) => readFileSync(path, 'utf8'))).toEqual(['untouched', 'mine'])
  expect(existsSync(at('nowhere'))).toBe(false)
})

test('files stand under their names once all are whole, with nothing beside them', async () => {
  writeFileSync(at('one'), 'older')
  const result = await writeWhole(paths(), async (partial) => {
    writeNew(partial.one, '1')
    expect(readFileSync(at('one'), 'utf8')).toBe('older')
    writeNew(partial.two, '2')
    return 'done'
  })
  expect(result).toBe('done')
  expect(readdirSync(folder)).toEqual(['one', 'two'])
  expect(readFileSync(at('one'), 'utf8')).toBe('1')
})

test('of what fails half way nothing is left, and what was there stays', async () => {
  writeFileSync(at('one'), 'older')
  const failed = writeWhole(paths(), async (partial) => {
    writeNew(partial.one, '1')
    throw new Error('cut off')
  })
  await expect(failed).rejects.toThrow('cut off')
  expect(readdirSync(folder)).toEqual(['one'])
  expect(readFileSync(at('one'), 'utf8')).toBe('older')
})

test('what a killed run left holds up no later one', async () => {
  for (const name of ['one.partial', 'one.0011223344556677.partial']) writeFileSync(at(name), 'half')
  replaceFile(at('one'), '1')
  await writeWhole({ one: at('one') }, async (partial) => writeNew(partial.one, '2'))
  expect(readFileSync(at('one'), 'utf8')).toBe('2')
})

test('a link, a folder or a device is no place for a file', async () => {
  symlinkSync(victim, at('one'))
  const said = 'is there already and is no file'
  expect(() => replaceFile(at('one'), 'x')).toThrow(said)
  expect(() => replaceFile('/dev/null', 'x')).toThrow(said)
  expect(() => replaceFile(directory, 'x')).toThrow(said)
  for (const bytes of [0, 3]) expect(() => writeBehind(at('one'), bytes, 'x')).toThrow(said)
  await expect(writeWhole(paths(), async () => undefined)).rejects.toThrow(said)
  expect(readFileSync(victim, 'utf8')).toBe('untouched')
})

test('a folder that is not there is named, not the file in it that nobody asked for', async () => {
  writeFileSync(at('file'), 'mine')
  for (const name of ['nowhere', 'file']) {
    const path = join(at(name), 'x.json')
    const said = `${at(name)} is no folder: make it, or name another one.`
    expect(() => replaceFile(path, 'x')).toThrow(said)
    expect(() => writeBehind(path, 0, 'x')).toThrow(said)
    await expect(writeWhole({ path }, async () => undefined)).rejects.toThrow(said)
  }
})

test('a folder is made where there is none, and in no place of a file', () => {
  makeFolder(at('new/inner'))
  makeFolder(at('new/inner'))
  writeFileSync(at('file'), 'mine')
  expect(() => makeFolder(at('file'))).toThrow(`${at('file')} is a file: name a folder.`)
  expect(readFileSync(at('file'), 'utf8')).toBe('mine')
})

test('a file is gone on with behind what it held, and only where it still holds that', () => {
  writeBehind(at('one'), 0, 'first')
  writeBehind(at('one'), 5, '+second')
  writeBehind(at('one'), 5, '+third')
  expect(readFileSync(at('one'), 'utf8')).toBe('first+third')
  expect(() => writeBehind(at('one'), 12, 'x')).toThrow('is shorter than it was')
  writeBehind(at('one'), 0, 'anew')
  expect(readFileSync(at('one'), 'utf8')).toBe('anew')
})
