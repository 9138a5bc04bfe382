/** Everything that is held about the stacks; one synthesis for all. */
import { expect, it } from 'vitest'
import { AbroadStack, isAbroad } from '../../infra/abroad-stack.ts'
import { DataStack } from '../../infra/data-stack.ts'
import { expectedLines } from './expected-lines.ts'
import { aboutAccess } from './stacks/access.ts'
import { aboutAlarms } from './stacks/alarms.ts'
import { aboutApi } from './stacks/api.ts'
import { aboutData } from './stacks/data.ts'
import { aboutFigures } from './stacks/figures.ts'
import { aboutFirewall } from './stacks/firewall.ts'
import { aboutFunctions } from './stacks/functions.ts'
import { aboutLedger } from './stacks/ledger.ts'
import { aboutLogs } from './stacks/logs.ts'
import { aboutNames } from './stacks/names.ts'
import { aboutPages } from './stacks/pages.ts'
import { aboutRoom } from './stacks/room.ts'
import { aboutWatched, toldOf } from './stacks/watched.ts'
import { ofType, stageConfig, synth, type Template, withApp } from './synth.ts'

// Fails by itself where the rule checker finds anything that is not acknowledged with its reason.
const config = stageConfig('prod')
const stacks = synth(config)

aboutData(stacks)
aboutLedger(stacks)
aboutAccess(stacks)
aboutFunctions(stacks, config)
aboutApi(stacks, config)
aboutFirewall(stacks)
aboutAlarms(stacks)
aboutWatched(stacks)
aboutPages(stacks, config)
aboutNames(stacks)
aboutLogs(stacks)
aboutRoom(stacks)
aboutFigures(stacks)

it('is the same in the app of a team that has no flag of the CDK set', () => {
  expect(synth(config, {}, {}).templates).toEqual(stacks.templates)
})

it('warns of nothing but example values, so that `cdk deploy --strict` takes a stage without', () => {
  expect(stacks.warnings).toHaveLength(1)
  expect(stacks.warnings[0]).toContain('still has example values')
})

it('moves a stage of before with its exports, which its service imports until it is deployed', () => {
  const { Outputs = {} } = withApp((app) => {
    const data = new DataStack(app, 'data', config, { stackName: 'latchkey-prod-data', keepExports: true })
    return app.synth().getStackByName(data.stackName).template as Template
  })
  const names = Object.values(Outputs).map((output) => output.Export?.Name)
  expect(names).toEqual(expect.arrayContaining(expectedLines('exports-before.txt')))
})

it('watches roles and the pages’ certificate in us-east-1 where the stage names another Region', () => {
  const abroad = withApp((app) => {
    const stack = new AbroadStack(app, 'abroad', config, { env: { region: 'us-east-1' } })
    return (app.synth().getStackByName(stack.stackName).template as Template).Resources
  })
  const told = toldOf(abroad)
  expect(told('iam', 'CreateRole', { parameters: { path: '/latchkey-prod/login/' } })).toEqual([
    'role-changed',
  ])
  const alarms = ofType(abroad, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties)
  expect(alarms).toMatchObject([
    {
      MetricName: 'DaysToExpiry',
      Threshold: 30,
      ComparisonOperator: 'LessThanThreshold',
      AlarmActions: [{}],
    },
  ])
  expect([{}, { region: 'us-east-1' }, { region: 'eu-central-1' }].map(isAbroad)).toEqual([
    false,
    false,
    true,
  ])
})
