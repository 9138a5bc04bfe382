/** `npm pack` begins with it: the checkout in JavaScript, the exports' types, the functions' bundles and the pages. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { bundle } from '../infra/bundle.ts'
import { buildPages } from '../web/build.ts'
import { buildAssets } from '../web/support/page.ts'
import { built, exportedSources, root } from './exports.ts'
import { declaredImports, withBuiltNames } from './specifiers.ts'

const fromRoot = (path: string) => fileURLToPath(new URL(path, root))
const out = (path: string) => fromRoot(`${built}/${path}`)

const folders = ['cli', 'functions', 'guard', 'infra', 'local', 'shared', 'testing', 'web']
/** Oldest Node that a team's own code may run these on; the stack itself needs 24 (`testing/node.ts`). */
const target = 'node20'

/** Files below the folders, from the root. */
function filesOf(names: readonly string[]): string[] {
  return names.flatMap((name) =>
    readdirSync(fromRoot(name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(fromRoot('web/dist')))
      .map((entry) => join(entry.parentPath, entry.name).slice(fromRoot('').length)),
  )
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(out(path)), { recursive: true })
  await writeFile(out(path), text)
}

/** Every module by itself, so that what finds files by their place still does; style sheets and the like as they are. */
async function compile(files: readonly string[]): Promise<void> {
  const isSource = (path: string) => path.endsWith('.ts') && !path.endsWith('.d.ts')
  const { outputFiles } = await esbuild.build({
    absWorkingDir: fromRoot(''),
    entryPoints: files.filter(isSource),
    outdir: out(''),
    outbase: '.',
    format: 'esm',
    platform: 'node',
    target,
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  })
  for (const { path, text } of outputFiles) {
    const own = path.slice(out('').length)
    await write(own, withBuiltNames(text, 'code', own))
  }
  // `cli/latchkey.js` is in the package already: it is what finds the rest.
  for (const path of files.filter((each) => /\.(?:js|css|svg|txt)$/.test(each) && !each.startsWith('cli/'))) {
    await mkdir(dirname(out(path)), { recursive: true })
    await copyFile(fromRoot(path), out(path))
  }
}

/** Declarations of what is exported and of all that they lead to; no more, as nobody could reach it. */
async function declare(sources: readonly string[]): Promise<void> {
  const all = fromRoot('dist/declarations')
  await rm(all, { recursive: true, force: true })
  await mkdir(all, { recursive: true })
  const project = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: '../..',
      outDir: '.',
    },
    include: [],
    files: sources.map((path) => `../../${path}`),
  }
  await writeFile(join(all, 'tsconfig.json'), JSON.stringify(project))
  execFileSync(process.execPath, [fromRoot('node_modules/typescript/bin/tsc'), '-p', all], {
    stdio: 'inherit',
  })
  const open = sources.map((path) => path.replace(/\.ts$/, '.d.ts'))
  const seen = new Set<string>()
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path) || !existsSync(join(all, path))) continue
    seen.add(path)
    const text = withBuiltNames(await readFile(join(all, path), 'utf8'), 'types', path)
    await write(path, text)
    open.push(...declaredImports(text, path))
  }
  await rm(all, { recursive: true })
}

await rm(out(''), { recursive: true, force: true })
const sources = [...exportedSources().values()]
await compile(filesOf([...new Set([...folders, ...sources.map((path) => path.split('/')[0] ?? '')])]))
await declare(sources)
await bundle({ folder: out('dist/functions') })
await buildPages({ out: out('web/dist'), inbox: '/_local' })
const support = await buildAssets()
await write('web/support/dist/support.js', support.script)
await write('web/support/dist/support.css', support.style)
