/** The stacks of a stage as templates, made as `cdk synth` makes them but without bundling. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { readStage, type StageConfig } from '../../infra/config.ts'
import { addLatchkey } from '../../infra/latchkey.ts'

export interface Resource {
  readonly Type: string
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by the names that CloudFormation gives.
  readonly Properties: any
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}
export type Resources = Readonly<Record<string, Resource>>

export interface Stacks {
  readonly data: Resources
  readonly service: Resources
  /** Nothing where the stage hosts no pages. */
  readonly pages: Resources
  /** What synth warns of, about the service. */
  readonly warnings: readonly string[]
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
export function withApp<T>(use: (app: App, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-infra-'))
  try {
    return use(new App({ context: { ...context }, outdir: join(folder, 'cdk.out') }), folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @throws what the rule checker found */
export const synth = (config: StageConfig): Stacks =>
  withApp((app, folder) => {
    const code = () => Code.fromInline('export const handler = () => {}')
    const { data, service, pages } = addLatchkey(app, config, code, placeholderPages(folder))
    const assembly = app.synth()
    const resources = (name: string) => assembly.getStackByName(name).template.Resources as Resources
    return {
      data: resources(data.stackName),
      service: resources(service.stackName),
      pages: pages ? resources(pages.stackName) : {},
      warnings: assembly
        .getStackByName(service.stackName)
        .messages.filter(({ level }) => level === 'warning')
        .map(({ entry }) => String(entry.data)),
    }
  })

/** Resources of a type, with their logical ids. */
export const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type)
