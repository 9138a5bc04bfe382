/** Which findings of foreign tools pass; the tools themselves run in `npm run prove -- foreign`. */
import { expect, it } from 'vitest'
import { watchedCalls, watchedRoles } from '../../infra/watched-calls.ts'
import { type Finding, type Judged, judge } from '../../prove/foreign/judge.ts'
import { judgedFindings } from '../../prove/foreign/judged.ts'

const bucket: Finding = { tool: 'checkov', rule: 'CKV_AWS_18', resource: 'AWS::S3::Bucket.Ledger' }
const judged: Judged = { tool: 'checkov', rule: 'CKV_AWS_18', resource: /\.Ledger$/, reason: 'Signed.' }

it('takes a finding whose tool, rule and resource were judged', () => {
  expect(judge([bucket, bucket], [judged])).toEqual({ open: [], idle: [], judged: 2 })
})

it('leaves open what another tool, rule or resource was judged for', () => {
  const others: Finding[] = [
    { ...bucket, tool: 'cdk-nag' },
    { ...bucket, rule: 'CKV_AWS_21' },
    { ...bucket, resource: 'AWS::S3::Bucket.Other' },
  ]
  expect(judge([bucket, ...others], [judged]).open).toEqual(others)
})

it('names each exception that no finding needs any more', () => {
  const idle: Judged = { ...judged, rule: 'CKV_AWS_21' }
  expect(judge([bucket], [judged, idle]).idle).toEqual([idle])
})

it('has judged open routes, and no method of an admin route but those that API Gateway answers itself', () => {
  const open = (resource: string) =>
    judge(
      [{ tool: 'checkov', rule: 'CKV_AWS_59', resource: `AWS::ApiGateway::Method.${resource}` }],
      judgedFindings,
    ).open.length
  expect(open('ApiRestapiauthloginPOSTC54CD0AE')).toBe(0)
  expect(open('ApiRestadminidentitiesANY0A1B2C3D')).toBe(0)
  expect(open('ApiRestadminidentitiesPOST0A1B2C3D')).toBe(1)
})

it('has judged each rule of the notices, also where one notice has several, and no other rule beside them', () => {
  const open = (name: string) =>
    judge(
      [{ tool: 'cdk-nag', rule: 'Serverless-EventBusDLQ', resource: `workers/Monitoring/${name}` }],
      judgedFindings,
    ).open.length
  const names = [...watchedCalls, ...watchedRoles].flatMap(({ id }) => [id, `${id}-2`])
  expect(names.filter((name) => open(name) > 0)).toEqual([])
  expect(open('something-else')).toBe(1)
})
