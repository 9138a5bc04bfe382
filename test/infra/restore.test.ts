/** Commands of docs/deploy.md and docs/runbook.md that are for AWS alone, run against a stand-in for its command line. */
import { execFileSync, spawnSync } from 'node:child_process'
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

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8')
const [slower = ''] = [...runbook.matchAll(/^```\n([\s\S]*?)^```$/gm)]
  .map(([, block = '']) => block)
  .filter((block) => block.includes('LOGIN_FLOOR_MS'))

/** Knows two functions whose names are alike, and the settings of one. */
const lambda = `
case "$2" in
  list-functions)
    case "$4" in *"'latchkey-STAGE-service-loginFunction'"*) echo latchkey-STAGE-service-loginFunction1A2B ;; esac ;;
  get-function-configuration)
    [ "$4 $6" = 'latchkey-STAGE-service-loginFunction1A2B Environment' ] && echo '{"Variables":{"LOGIN_FLOOR_MS":"450","PRODUCT":"A \\"B\\""}}' ;;
  update-function-configuration) cp "\${6#file://}" "given-$4.json" ;;
esac`

test.runIf(spawnSync('jq', ['--version']).error === undefined)(
  'a slower login changes the one setting and leaves the others of the function as they are',
  () => {
    const bin = mkdtempSync(join(folder, 'bin-'))
    writeFileSync(join(bin, 'aws'), `#!/bin/sh${lambda}`, { mode: 0o755 })
    const env = { PATH: `${bin}:${process.env['PATH']}` }
    execFileSync('sh', ['-e', '-c', slower], { cwd: folder, env })
    const given = readFileSync(join(folder, 'given-latchkey-STAGE-service-loginFunction1A2B.json'), 'utf8')
    expect(JSON.parse(given)).toEqual({ Variables: { LOGIN_FLOOR_MS: '900', PRODUCT: 'A "B"' } })
  },
)
