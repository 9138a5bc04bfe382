/** The commands of docs/deploy.md that stop and start all functions, run against a stand-in for the AWS command line. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-restore-'))
afterAll(() => rmSync(folder, { recursive: true }))

const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
const [stop = '', start = ''] = [...page.matchAll(/^ {3}```\n((?: {3}.*\n)+?) {3}```$/gm)]
  .map(([, block = '']) => block)
  .filter((block) => block.includes('function-concurrency'))

/** Notes each change; `login` has places of its own, `not-me` has none. */
const aws = `
case "$2" in
  list-functions) printf 'login\\tnot-me\\n' ;;
  get-function-concurrency) if [ "$4" = login ]; then echo 60; else echo None; fi ;;
  *) echo "$2 $4 $6" >> changes.txt; echo '{}' ;;
esac`
writeFileSync(join(folder, 'aws'), `#!/bin/sh${aws}`, { mode: 0o755 })

function changesOf(script: string): string[] {
  const env = { PATH: `${folder}:${process.env['PATH']}` }
  const said = execFileSync('sh', ['-e', '-c', script], { cwd: folder, env, encoding: 'utf8' })
  expect(said.replaceAll('{}\n', '')).toBe('')
  const changes = readFileSync(join(folder, 'changes.txt'), 'utf8').trimEnd().split('\n')
  rmSync(join(folder, 'changes.txt'))
  return changes
}

test('stopping the world leaves no function a place, and each gets back what it had', () => {
  expect(changesOf(stop)).toEqual(['put-function-concurrency login 0', 'put-function-concurrency not-me 0'])
  expect(changesOf(start).map((change) => change.trim())).toEqual([
    'put-function-concurrency login 60',
    'delete-function-concurrency not-me',
  ])
})
