/** The mutants, made by Stryker's instrumenter: one source that holds them all, each behind a switch. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Group, groupNames, mutated, root } from './targets.ts'

export interface Mutant {
  readonly id: string
  readonly group: Group
  readonly file: string
  readonly line: number
  readonly mutator: string
  readonly original: string
  readonly replacement: string
}

export interface Mutants {
  /** Source with all mutants in it, by path. */
  readonly sources: Readonly<Record<string, string>>
  readonly mutants: readonly Mutant[]
}

interface Position {
  readonly line: number
  readonly column: number
}

interface Instrumented {
  readonly files: readonly { readonly name: string; readonly content: string }[]
  readonly mutants: readonly {
    readonly id: string
    readonly fileName: string
    readonly mutatorName: string
    readonly replacement: string
    readonly location: { readonly start: Position; readonly end: Position }
  }[]
}

interface Instrumenter {
  instrument(
    files: readonly { name: string; mutate: true; content: string }[],
    options: { plugins: null; excludedMutations: readonly string[]; ignorers: readonly never[] },
  ): Promise<Instrumented>
}

const ignore = () => undefined
const silent = { isDebugEnabled: () => false, debug: ignore, info: ignore, warn: ignore }

/** Installed beside this file only, so the compiler does not know it. */
async function loadInstrumenter(): Promise<Instrumenter> {
  const name = '@stryker-mutator/instrumenter'
  const module = (await import(name)) as { Instrumenter: new (logger: object) => Instrumenter }
  return new module.Instrumenter(silent)
}

function textAt(source: string, start: Position, end: Position): string {
  const lines = source.split('\n').slice(start.line, end.line + 1)
  lines.push((lines.pop() ?? '').slice(0, end.column))
  lines[0] = (lines[0] ?? '').slice(start.column)
  return lines.join('\n')
}

/** One line, so that lists and reports can show it. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

export async function makeMutants(): Promise<Mutants> {
  const groupOf = new Map(groupNames.flatMap((group) => mutated(group).map((file) => [file, group] as const)))
  const contents = new Map([...groupOf.keys()].map((file) => [file, readFileSync(join(root, file), 'utf8')]))
  const files = [...contents].map(([name, content]) => ({ name, mutate: true as const, content }))
  const options = { plugins: null, excludedMutations: [], ignorers: [] }
  const made = await (await loadInstrumenter()).instrument(files, options)
  const mutants = made.mutants.map(({ id, fileName, mutatorName, replacement, location }) => ({
    id,
    group: groupOf.get(fileName) as Group,
    file: fileName,
    line: location.start.line + 1,
    mutator: mutatorName,
    original: oneLine(textAt(contents.get(fileName) ?? '', location.start, location.end)),
    replacement: oneLine(replacement),
  }))
  return { sources: Object.fromEntries(made.files.map(({ name, content }) => [name, content])), mutants }
}
