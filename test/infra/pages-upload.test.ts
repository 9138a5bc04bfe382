/** What of the built pages is put into their bucket, beside what every stage has. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import * as s3 from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { readStage } from '../../infra/config.ts'
import { uploadPages } from '../../infra/pages-upload.ts'
import { context, stageConfig, withApp } from './synth.ts'

/** The uploads of pages with a security.txt, by where their files go, with how they are to be served. */
const uploads = () =>
  withApp((app, folder) => {
    const pages = join(folder, 'pages')
    for (const name of ['assets/app-AB12CD34.js', '.well-known/security.txt']) {
      mkdirSync(dirname(join(pages, name)), { recursive: true })
      writeFileSync(join(pages, name), name)
    }
    const stack = new Stack(app, 'pages')
    uploadPages(stack, stageConfig('prod'), new s3.Bucket(stack, 'Bucket') as s3.IBucket, pages)
    const made = Template.fromStack(stack).findResources('Custom::CDKBucketDeployment')
    return Object.fromEntries(
      Object.values(made).map(({ Properties: { DestinationBucketKeyPrefix, SystemMetadata } }) => [
        DestinationBucketKeyPrefix ?? '',
        SystemMetadata,
      ]),
    )
  })

describe('security.txt', () => {
  it('is put at its well-known address as plain text, where the stage has one', () => {
    expect(uploads()).toMatchObject({
      '.well-known': { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' },
    })
  })
})

describe('links of the team’s own site', () => {
  const withLinks = (links: Record<string, string>) => () => {
    const { prod } = context['stages'] as Record<string, { pages: object }>
    return readStage({ prod: { ...prod, pages: { ...prod?.pages, links } } }, 'prod').pages?.links
  }
  it('are addresses of https or mailboxes, and nothing that runs', () => {
    const links = { privacy: 'https://acme.test/privacy', support: 'mailto:help@acme.test' }
    expect(withLinks(links)()).toEqual(links)
    for (const address of ['http://acme.test', 'javascript:alert(1)', '/privacy', 'mailto:', ''])
      expect(withLinks({ terms: address })).toThrow('pages.links.terms: must be an https or mailto address')
    expect(withLinks({ imprint: 'https://acme.test' })).toThrow('pages.links: does not know imprint')
  })
})
