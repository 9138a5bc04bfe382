/** Python tools in environments of their own, one a tool: what two of them need does not go together. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Kept between runs, and outside of what git knows. */
export const scratch = join(import.meta.dirname, '..', '..', '.data', 'foreign')

interface Tool {
  /** The one that the judged findings are of. */
  readonly version: string
  readonly extras?: string
  /** In its environment; its own name where it is not given. */
  readonly command?: string
}

const tools = {
  'cfn-lint': { version: '1.58.0' },
  checkov: { version: '3.3.30' },
  moto: {
    version: '5.2.2',
    extras: '[apigateway,awslambda,cloudformation,dynamodb,server,ssm]',
    command: 'python',
  },
} as const satisfies Record<string, Tool>
export type PythonTool = keyof typeof tools

/**
 * Installs it where it is not there yet.
 * @returns its command
 * @throws Error where Python or the package cannot be had
 */
export function installed(tool: PythonTool, report: (line: string) => void): string {
  const { version, extras = '', command: name = tool }: Tool = tools[tool]
  const home = join(scratch, `${tool}-${version}`)
  const command = join(home, 'bin', name)
  if (existsSync(command)) return command
  report(`installing ${tool} ${version} ...`)
  mkdirSync(scratch, { recursive: true })
  try {
    execFileSync('python3', ['-m', 'venv', home])
    execFileSync(join(home, 'bin', 'pip'), ['install', '--quiet', `${tool}${extras}==${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw new Error(`${tool} ${version} cannot be installed: ${(error as Error).message}`)
  }
  return command
}

/**
 * What a tool says as JSON. Its exit code means findings as well as failures, so only what it says counts.
 * @throws Error with what it said where that is no JSON
 */
export function askJson(command: string, args: readonly string[]): unknown {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (error) throw error
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(
      `${command} did not answer with JSON:\n${stdout.slice(0, 2000)}\n${stderr.slice(0, 2000)}`,
    )
  }
}
