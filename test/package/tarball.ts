/** The package as `npm pack` makes it, in a project of nobody's, without any registry. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

export interface Project {
  readonly folder: string
  /** Where the package is in it. */
  readonly latchkey: string
  readonly manifest: Manifest
  /** Compiles it as a new project is set up, but that declarations of libraries are checked too. @returns what the compiler says */
  compile(options: Readonly<Record<string, unknown>>, include?: readonly string[]): string
  /** Runs one of its programs. @returns what it wrote */
  run(program: string, ...args: string[]): string
  remove(): void
}

/** A package of the checkout, as an installation would have put it there. */
function link(name: string, folder: string): void {
  const place = join(folder, 'node_modules', name)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), place)
}

/** How a new project resolves modules: as a bundler does, or as Node does. */
export const resolutions = [
  ['a bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ['Node', { module: 'nodenext' }],
] as const

/** What a build makes, and what others installed. */
const made = new Set(['node_modules', '.git', '.data', 'dist', 'cdk.out', 'coverage', 'test-results'])

/** Packs a copy: it begins with a build, and two of them in one checkout at a time would take each other's files away. */
function pack(destination: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'latchkey-pack-'))
  try {
    cpSync(root, copy, { recursive: true, filter: (path) => !made.has(basename(path)) })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    execFileSync('npm', ['pack', '--pack-destination', destination, '--silent'], { cwd: copy, stdio: 'pipe' })
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/**
 * Packs the checkout, and puts the package with just what it names as its dependencies into a folder beside nothing of ours.
 * @param sources folder with what the project itself has
 * @param others packages that the project has by itself
 */
export function installed(sources: string, others: readonly string[]): Project {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-package-'))
  const latchkey = join(folder, 'node_modules', 'latchkey')
  mkdirSync(latchkey, { recursive: true })
  pack(folder)
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', latchkey, '--strip-components', '1'])
  const manifest = JSON.parse(readFileSync(join(latchkey, 'package.json'), 'utf8')) as Manifest
  const { dependencies, optionalDependencies, peerDependencies } = manifest
  const present = Object.keys(optionalDependencies).filter((name) =>
    readdirSync(join(root, 'node_modules', dirname(name))).includes(name.split('/')[1] ?? ''),
  )
  const names = [...Object.keys(dependencies), ...present, ...Object.keys(peerDependencies), ...others]
  for (const name of new Set(names)) link(name, folder)
  writeFileSync(join(folder, 'package.json'), '{ "name": "stock", "type": "module", "private": true }\n')
  cpSync(sources, folder, { recursive: true })
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: folder, CHROMIUM: process.env['CHROMIUM'] },
    }).trim()
  return {
    folder,
    latchkey,
    manifest,
    compile(options, include = ['*.ts']) {
      const usual = { target: 'es2022', types: ['node'], strict: true, skipLibCheck: false, outDir: 'out' }
      const config = { compilerOptions: { ...usual, ...options }, include }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      try {
        return run('node_modules/typescript/bin/tsc')
      } catch (error) {
        return String((error as { stdout?: string }).stdout)
      }
    },
    run,
    remove: () => rmSync(folder, { recursive: true }),
  }
}
