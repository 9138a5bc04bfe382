import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockDataDir } from '#local/data-dir.ts'

const directory = mkdtempSync(join(tmpdir(), 'data-dir-test-'))
const fresh = () => mkdtempSync(join(directory, 'case-'))
const hold = (folder: string, holder: unknown) =>
  writeFileSync(join(folder, 'stack.lock'), JSON.stringify(holder))

afterAll(() => rmSync(directory, { recursive: true }))

test('a folder that does not exist is made, held, and let go', () => {
  const folder = join(fresh(), 'a', 'b')
  const lock = lockDataDir(folder)
  expect(existsSync(join(folder, 'stack.lock'))).toBe(true)
  lock.release()
  expect(existsSync(join(folder, 'stack.lock'))).toBe(false)
})

test('a folder that a running process holds is refused, naming it', () => {
  const folder = fresh()
  hold(folder, { pid: process.ppid })
  expect(() => lockDataDir(folder)).toThrow(`in use by the stack with process id ${process.ppid}`)
})

test('the lock of a process that is gone holds nobody up', () => {
  const folder = fresh()
  hold(folder, { pid: spawnSync('true').pid, startedAt: '1' })
  lockDataDir(folder).release()
})

test('a process id that is by now another program is no lock', () => {
  const folder = fresh()
  hold(folder, { pid: process.ppid, startedAt: '1' })
  lockDataDir(folder).release()
})

test('what is no folder is refused with a sentence that names it', () => {
  const file = join(fresh(), 'file')
  writeFileSync(file, '')
  expect(() => lockDataDir(file)).toThrow(`The data folder ${file} cannot be used (EEXIST)`)
  expect(() => lockDataDir(join(file, 'below'))).toThrow('cannot be used (ENOTDIR)')
})

test.runIf(existsSync('/proc/self'))('a place that takes no new folder is refused at once', () => {
  expect(() => lockDataDir('/proc/nope/below')).toThrow('cannot be used (ENOENT)')
})
