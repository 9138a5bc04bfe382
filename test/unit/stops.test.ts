/** Stopped flows, as patterns of the firewall. */
import { describe, expect, it } from 'vitest'
import { type Route, routes } from '#shared/contract/routes.ts'
import {
  alsoStoppedBy,
  flowIds,
  flowsStopped,
  isStopped,
  nothingStopped,
  pathsOf,
  withFlow,
} from '#shared/contract/stops.ts'

const paths = (Object.values(routes) as Route[]).map(({ path }) => path)
const stopped = (...flows: (typeof flowIds)[number][]) =>
  flows.reduce<readonly string[]>((patterns, flow) => withFlow(patterns, flow, true), nothingStopped)

describe('a stopped flow', () => {
  it.each(flowIds)('%s shuts its own paths and no other', (flow) => {
    const shut = paths.filter((path) => isStopped(stopped(flow), path))
    expect([...new Set(shut)].sort()).toEqual([...new Set(pathsOf(flow))].sort())
    expect(shut).not.toEqual([])
  })

  it.each(flowIds)('%s is found again by what is in the set, and goes on with nothing left of it', (flow) => {
    expect(flowsStopped(stopped(flow))).toEqual([flow])
    expect(withFlow(stopped(flow), flow, false)).toEqual(nothingStopped)
  })

  it('stops and goes on beside others, however often it is asked for', () => {
    const both = stopped('pin-reset', 'password-email', 'pin-reset')
    expect(flowsStopped(both)).toEqual(['password-email', 'pin-reset'])
    expect(withFlow(both, 'pin-reset', false)).toEqual(stopped('password-email'))
    expect(withFlow(nothingStopped, 'pin-reset', false)).toEqual(nothingStopped)
  })

  it('stays stopped where a version before wrote the pattern, and can be started', () => {
    const before = ['^(/live)?(/api/pin/reset|/api/pin/of-before)/*$']
    expect(flowsStopped(before)).toEqual(['pin-reset'])
    expect(withFlow(before, 'pin-reset', false)).toEqual(nothingStopped)
  })

  it('leaves alone what somebody else wrote into the set, be it no pattern here', () => {
    const foreign = ['(?i)^/elsewhere$', '^/old-page$']
    expect(flowsStopped(foreign)).toEqual([])
    expect(withFlow(withFlow(foreign, 'step-up', true), 'step-up', false)).toEqual(foreign)
  })

  it('keeps a pattern, written by hand, that stops more than one: neither a stop nor a start opens another flow', () => {
    const wide = ['^/(live/)?(auth|api)/.*$']
    for (const stop of [true, false])
      expect(flowsStopped(withFlow(wide, 'pin-reset', stop))).toEqual(flowsStopped(wide))
    expect(alsoStoppedBy(wide, 'pin-reset')).toEqual(wide)
    expect(alsoStoppedBy(stopped('pin-reset', 'step-up'), 'pin-reset')).toEqual([])
  })

  it('has room in a set beside all others: ten patterns of 200 characters', () => {
    const all = stopped(...flowIds)
    expect(all.length).toBeLessThan(10)
    for (const pattern of all) expect(pattern.length).toBeLessThanOrEqual(200)
  })
})
