/** The compose example: no test has Docker, so its parts are held to each other and to the stack. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readHosts } from '#local/foreign.ts'
import { createWorld, type World } from '#test/support/world.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = join(root, 'examples', 'compose')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

const dockerfile = read('Dockerfile')
/** Instructions by turns, as they are carried out. */
const steps = dockerfile
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)
const stepsOf = (instruction: string) =>
  steps.flatMap(([name, words]) => (name === instruction ? [words] : []))
const compose = read('compose.yaml')
const settingOf = (key: string) => new RegExp(`^ *${key}: (.+)$`, 'm').exec(compose)?.[1] ?? ''

describe('the image', () => {
  test('runs what is there, with the Node that the packages bring', () => {
    const command = JSON.parse(stepsOf('CMD')[0] ?? '') as string[]
    expect(command[0]).toBe('node')
    expect(existsSync(join(root, command[1] ?? ''))).toBe(true)
    const copied = stepsOf('COPY').flatMap((words) => words.split(' ').slice(0, -1))
    for (const path of copied) expect([path, existsSync(join(root, path))]).toEqual([path, true])
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>
    }
    expect(stepsOf('FROM')).toEqual([`node:${devDependencies['node']}-bookworm-slim`])
    expect(compose).toContain(`image: ${stepsOf('FROM')[0]}`)
  })

  test('does not run as root, and owns what it writes', () => {
    const names = steps.map(([name]) => name)
    expect(stepsOf('USER')).toEqual(['node'])
    expect(names.indexOf('USER')).toBeLessThan(names.indexOf('CMD'))
    expect(stepsOf('RUN').at(-1)).toContain('chown -R node:node /data web/dist')
  })

  test('takes no packages, data or history of the checkout along', () => {
    const left = read('Dockerfile.dockerignore').split('\n')
    expect(left).toEqual(expect.arrayContaining(['.git', '.data', 'node_modules', '**/node_modules']))
  })
})

describe('the compose file', () => {
  test('builds the image from the root, and publishes its port to this machine alone', () => {
    expect(join(folder, settingOf('context'))).toBe(root.replace(/\/$/, ''))
    expect(join(root, settingOf('dockerfile'))).toBe(join(folder, 'Dockerfile'))
    const published = [...compose.matchAll(/^ *- (\S*:\d+)$/gm)].map(([, port]) => port)
    const [port = ''] = stepsOf('EXPOSE')
    expect(published).toEqual([`127.0.0.1:${port}:${port}`])
    expect(stepsOf('ENV').join(' ')).toContain(`PORT=${port} LATCHKEY_HOST=0.0.0.0`)
    expect(stepsOf('HEALTHCHECK').join(' ')).toContain(`http://127.0.0.1:${port}/health`)
  })

  test('calls the stack by the name that it trusts', () => {
    const { hostname } = new URL(settingOf('LATCHKEY_URL'))
    expect(compose).toMatch(new RegExp(`^ {2}${hostname}:$`, 'm'))
    expect(readHosts(settingOf('LATCHKEY_TRUSTED_HOSTS'))).toEqual([hostname])
    expect(settingOf('command')).toContain('/app/app.mjs')
    expect(existsSync(join(folder, 'app.mjs'))).toBe(true)
  })
})

describe('a stack that trusts the name of the compose file', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ trustedHosts: readHosts(settingOf('LATCHKEY_TRUSTED_HOSTS')) })
  })
  afterAll(() => world.close())

  const statusOf = (path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(world.url)
      const outgoing = request({ hostname, port, path, headers }, (incoming) => {
        incoming.resume()
        resolve(incoming.statusCode ?? 0)
      })
      outgoing.on('error', reject)
      outgoing.end()
    })

  test('takes the example service through a reset', async () => {
    const env = { ...process.env, LATCHKEY_URL: world.url }
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'app.mjs')], { env })
    expect(stdout).toMatch(/^compose-\S+ is signed in for \d+ s\n$/)
  })

  test.each([
    [{ host: 'latchkey:3000' }, 200],
    [{ host: 'latchkey:3000', origin: 'http://latchkey:3000' }, 200],
    [{ host: 'latchkey.evil.example' }, 403],
    [{ host: 'latchkey.' }, 403],
    [{ host: 'latchkey@evil.example' }, 403],
    [{ host: 'evil.example#latchkey' }, 403],
    [{ host: '0.0.0.0:3000' }, 403],
    [{ host: 'latchkey:3000', origin: 'http://evil.example' }, 403],
    [{ host: 'latchkey:3000', origin: 'http://latchkey.evil.example' }, 403],
    [{ host: 'latchkey:3000', origin: 'null' }, 403],
  ])('answers the inbox to %j with %i', async (headers, status) => {
    expect(await statusOf('/_local/messages', headers as Record<string, string>)).toBe(status)
  })
})
