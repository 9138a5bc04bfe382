/** The stacks of a stage as templates, made as `cdk synth` makes them but without bundling. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { readStage, type StageConfig } from '../../infra/config.ts'
import { Latchkey, type LatchkeyProps } from '../../infra/latchkey.ts'
import { holdToRules } from '../../infra/rules.ts'

export interface Resource {
  readonly Type: string
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by the names that CloudFormation gives.
  readonly Properties: any
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}
export type Resources = Readonly<Record<string, Resource>>

export interface Template {
  readonly Resources: Resources
  readonly Parameters?: Readonly<Record<string, unknown>>
  readonly Outputs?: Readonly<Record<string, { readonly Export?: { readonly Name: string } }>>
}

export interface Stacks {
  /** Of every stack, by its name. */
  readonly templates: Readonly<Record<string, Template>>
  readonly data: Resources
  readonly service: Resources
  readonly workers: Resources
  /** Service and workers: all that is made from the code. */
  readonly code: Resources
  /** Nothing where the stage hosts no pages. */
  readonly pages: Resources
  /** Nothing where the stage has none. */
  readonly replica: Resources
  /** What synth warns of. */
  readonly warnings: readonly string[]
  /** What synth tells beside. */
  readonly infos: readonly string[]
}

const cdkJson = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  readonly context: Readonly<Record<string, unknown>>
}
export const context = cdkJson.context

/** The stage of cdk.json, with some values changed. */
export const stageConfig = (stage: string, changes: Partial<StageConfig> = {}): StageConfig => ({
  ...readStage(context['stages'], stage),
  ...changes,
})

/** Stands for the built pages, whose content no template knows. */
function placeholderPages(folder: string): string {
  const pages = join(folder, 'pages')
  mkdirSync(join(pages, 'assets'), { recursive: true })
  writeFileSync(join(pages, 'index.html'), 'page')
  writeFileSync(join(pages, 'assets', 'app-AB12CD34.js'), 'script')
  return pages
}

/** Gives `use` an app whose files go when it returns: left to itself each leaves megabytes of assets behind. */
export function withApp<T>(
  use: (app: App, folder: string) => T,
  given: Readonly<Record<string, unknown>> = context,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-infra-'))
  try {
    return use(new App({ context: { ...given }, outdir: join(folder, 'cdk.out') }), folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const inline = () => Code.fromInline('export const handler = () => {}')

/** The construct's properties that make a stage of this configuration, its functions by inline code. */
export function propsOf({ stage, target, ...settings }: StageConfig, pages?: string): LatchkeyProps {
  return { stage, settings, target, built: { codeOf: inline, ...(pages && { pages }) } }
}

/** @throws what the rule checker found */
export const synth = (
  config: StageConfig,
  further: Partial<LatchkeyProps> = {},
  appContext: Readonly<Record<string, unknown>> = context,
): Stacks =>
  withApp((app, folder) => {
    const props = { ...propsOf(config, placeholderPages(folder)), ...further }
    const made = new Latchkey(app, `latchkey-${config.stage}`, props)
    holdToRules(app)
    const assembly = app.synth()
    const resources = (part: 'data' | 'service' | 'workers' | 'pages' | 'replica'): Resources =>
      made[part] ? assembly.getStackByName(made[part].stackName).template.Resources : {}
    const [service, workers] = [resources('service'), resources('workers')]
    const said = (wanted: string) =>
      assembly.stacks
        .flatMap(({ messages }) => messages)
        .filter(({ level }) => level === wanted)
        .map(({ entry }) => String(entry.data))
    return {
      templates: Object.fromEntries(
        assembly.stacks.map(({ stackName, template }) => [stackName, template as Template]),
      ),
      data: resources('data'),
      service,
      workers,
      code: { ...service, ...workers },
      pages: resources('pages'),
      replica: resources('replica'),
      warnings: said('warning'),
      infos: said('info'),
    }
  }, appContext)

/** Resources of a type, with their logical ids. */
export const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type)
