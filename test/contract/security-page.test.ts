/** SECURITY.md is read in a hurry: its figures are the code's, and its commands lead somewhere. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Flow, flows } from '#shared/contract/flows.ts'
import { policy } from '#shared/policy.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')
const page = read('SECURITY.md')
const runbook = read('docs/runbook.md')
const minutes = (seconds: number) => seconds / 60

describe('SECURITY.md', () => {
  test('says how long codes, tokens, sessions and links live as the policy has it', () => {
    const code = Math.max(...Object.values(flows as Record<string, Flow>).map((flow) => flow.codeLifeSeconds))
    const verified = policy.verifiedLifeSeconds
    for (const said of [
      `a code: ${minutes(code + verified)} minutes, ${minutes(code)} until it is given back and ${minutes(verified)} to set the new secret`,
      `a reset token: ${minutes(verified)} minutes`,
      `a session: ${policy.sessionLifeSeconds / 3600} hours`,
      `${minutes(policy.possessionFactorLifeSeconds)} minutes after a code, ${minutes(policy.pinFactorLifeSeconds)} minutes after a PIN`,
      `a link of 'It was not me': ${policy.notMeLifeSeconds / 86_400} days, once`,
      `freeze resets for ${policy.freezeSeconds / 3600} hours`,
    ])
      expect(page).toContain(said)
  })

  test('says no other length of time than these', () => {
    const spans = [...page.matchAll(/\b(\d+) (minutes|hours|days)\b/g)].map(([span]) => span)
    expect([...new Set(spans)].sort()).toEqual(
      ['20 minutes', '10 minutes', '12 hours', '15 minutes', '5 minutes', '7 days', '24 hours'].sort(),
    )
  })

  test('leads a compromised role to steps that raise all epochs and empty challenges and sessions', () => {
    const anchor = 'a-function-or-its-role-is-compromised'
    expect(page).toContain(`docs/runbook.md#${anchor}`)
    const steps = runbook.split('## A function or its role is compromised')[1] ?? ''
    expect(steps).toMatch(/ADD credentialEpoch :n, sessionEpoch :n/)
    for (const table of ['$TABLE_IDENTITIES', '$TABLE_CHALLENGES', '$TABLE_SESSIONS'])
      expect(steps).toContain(`"${table}"`)
  })
})
