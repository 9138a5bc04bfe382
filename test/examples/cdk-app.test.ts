/** The example of a team's own CDK app, synthesized as its README says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { pattern } from '../../examples/events/end-sessions.ts'
import type { Template } from '../infra/synth.ts'

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'latchkey-example-'))
afterAll(() => rmSync(folder, { recursive: true }))

execFileSync(process.execPath, ['--import', fromHere('from-source.ts'), 'app.ts'], {
  cwd: fromHere('../../examples/cdk-app/'),
  env: { ...process.env, CDK_OUTDIR: folder },
})
const stage = join(folder, readdirSync(folder).find((name) => name.startsWith('assembly-')) ?? '')
const templates = readdirSync(stage)
  .filter((name) => name.endsWith('.template.json'))
  .map((name) => ({ name, template: JSON.parse(readFileSync(join(stage, name), 'utf8')) as Template }))
const ours = templates.filter(({ name }) => name.includes('Latchkey'))
const [shop] = templates.filter(({ name }) => name.includes('Shop'))

it('has the stacks of Latchkey beside that of the team', () => {
  expect(ours).toHaveLength(3)
  expect(shop).toBeDefined()
})

it('passes the team’s own rules, which are over everything, and tags nothing that is the team’s', () => {
  // A finding would have made its synth throw; a report names none of the rules that found nothing.
  const source = readFileSync(fromHere('../../examples/cdk-app/app.ts'), 'utf8')
  expect(source).toContain('Validations.of(app).addPlugins(new AwsSolutionsChecks(app))')
  const text = JSON.stringify(shop)
  expect(text).toContain('AWS::EC2::VPC')
  expect(text).toContain('AWS::S3::Bucket')
  expect(text).not.toContain('latchkey-stage')
})

it('puts no rules on a team’s app by itself: one file knows them, which only our own app imports', () => {
  const infra = fromHere('../../infra')
  const importing = (name: string) =>
    readdirSync(infra).filter((file) => readFileSync(join(infra, file), 'utf8').includes(`from '${name}'`))
  expect([importing('cdk-nag'), importing('./rules.ts')]).toEqual([['rules.ts'], ['app.ts']])
})

it('takes the team’s tag and permissions boundary, in every stack', () => {
  for (const { name, template } of ours) {
    const made = Object.values(template.Resources)
    expect([
      name,
      made.some(({ Properties }) => JSON.stringify(Properties?.Tags ?? '').includes('cost-centre')),
    ]).toEqual([name, true])
    for (const { Type, Properties } of made)
      if (Type === 'AWS::IAM::Role')
        expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('team-boundary')
  }
})

it('has each method of the team’s API ask the authorizer, which knows what each route needs', () => {
  const made = Object.values(shop?.template.Resources ?? {})
  const methods = made.filter(({ Type }) => Type === 'AWS::ApiGateway::Method')
  expect(methods.map(({ Properties }) => Properties.AuthorizationType)).toEqual(['CUSTOM', 'CUSTOM'])
  const needs = made.flatMap(({ Properties }) => Properties?.Environment?.Variables?.AUTHORIZE_NEEDS ?? [])
  expect(needs.map((text: string) => JSON.parse(text))).toEqual([
    { 'GET /account': [], '*': ['POSSESSION', 'PIN'] },
  ])
})

it('publishes on the team’s bus, whose rule leads to a queue just what the example of a consumer is for', () => {
  const made = Object.values(shop?.template.Resources ?? {})
  const [bus] = made.filter(({ Type }) => Type === 'AWS::Events::EventBus')
  const buses = ours.flatMap(({ template }) =>
    Object.values(template.Resources).flatMap(
      ({ Properties }) => Properties?.Environment?.Variables?.EVENT_BUS ?? [],
    ),
  )
  expect([...new Set(buses)]).toEqual([bus?.Properties.Name])
  const [rule] = made.filter(({ Type }) => Type === 'AWS::Events::Rule')
  expect(rule?.Properties.EventPattern).toEqual(pattern)
  expect(rule?.Properties.Targets).toHaveLength(1)
})

it('brings the functions’ code with it', () => {
  const code = ours.flatMap(({ template }) =>
    Object.values(template.Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && Properties.Runtime === 'nodejs24.x' && Properties.Architectures
        ? [Properties.Code.S3Key as string]
        : [],
    ),
  )
  expect(code.length).toBeGreaterThan(20)
  const assets = readdirSync(folder).filter((name) => name.startsWith('asset.'))
  for (const key of code) expect(assets).toContain(`asset.${key.replace('.zip', '')}`)
})
