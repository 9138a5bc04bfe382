/** One first visit of a page, as Lighthouse's mobile preset has it: a slow phone on slow 4G, nothing cached. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, CDPSession } from 'playwright-core'

/** Lighthouse 12, `throttling.mobileSlow4G` as applied by the browser, and `screenEmulation` of the mobile preset. */
const preset = {
  latencyMs: 562.5,
  downloadKbps: 1474.56,
  uploadKbps: 675,
  cpuSlowdown: 4,
  screen: { width: 412, height: 823 },
  pixels: 1.75,
} as const

export interface FirstView {
  readonly firstContentfulPaintMs: number
  readonly largestContentfulPaintMs: number
  readonly layoutShift: number
  /** What tasks took above 50 ms each, from the first paint on. */
  readonly totalBlockingMs: number
  /** As they came over the wire, with their headers. */
  readonly bytes: number
  readonly requests: readonly string[]
}

/** Runs before anything of the page: entries are kept as they come. */
const observer = `{
  const kept = (globalThis.kept = { paint: [], largest: [], shift: [], task: [] })
  const watch = (type, list) =>
    new PerformanceObserver((entries) => list.push(...entries.getEntries().map((each) => ({
      name: each.name, start: each.startTime, duration: each.duration,
      shift: each.hadRecentInput ? 0 : each.value ?? 0,
    })))).observe({ type, buffered: true })
  watch('paint', kept.paint)
  watch('largest-contentful-paint', kept.largest)
  watch('layout-shift', kept.shift)
  watch('longtask', kept.task)
}`

interface Entry {
  readonly name: string
  readonly start: number
  readonly duration: number
  readonly shift: number
}
type Kept = Readonly<Record<'paint' | 'largest' | 'shift' | 'task', readonly Entry[]>>

const kilobits = (value: number) => (value * 1024) / 8

async function slowDown(session: CDPSession): Promise<void> {
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: preset.latencyMs,
    downloadThroughput: kilobits(preset.downloadKbps),
    uploadThroughput: kilobits(preset.uploadKbps),
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: preset.cpuSlowdown })
}

/** Paint comes late on a busy machine: a view has no figure before it is there, and tasks may follow it. */
const quietMs = 2000

export async function firstView(browser: Browser, url: string): Promise<FirstView> {
  const { screen: viewport, pixels: deviceScaleFactor } = preset
  const context = await browser.newContext({ viewport, deviceScaleFactor, isMobile: true, hasTouch: true })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await slowDown(session)
    const requests: string[] = []
    let bytes = 0
    session.on('Network.requestWillBeSent', ({ request }) => requests.push(request.url))
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
    await page.addInitScript(observer)
    await page.goto(url)
    await page.locator('.card h1').waitFor()
    await page.waitForFunction('kept.paint.length > 0 && kept.largest.length > 0')
    await sleep(quietMs)
    return { ...figures((await page.evaluate('kept')) as Kept), bytes, requests }
  } finally {
    await context.close()
  }
}

function figures({ paint, largest, shift, task }: Kept): Omit<FirstView, 'bytes' | 'requests'> {
  const first = paint.find(({ name }) => name === 'first-contentful-paint')?.start ?? Number.NaN
  const blocking = task.filter(({ start }) => start >= first).map(({ duration }) => duration - 50)
  return {
    firstContentfulPaintMs: first,
    largestContentfulPaintMs: largest.at(-1)?.start ?? Number.NaN,
    layoutShift: shift.reduce((sum, each) => sum + each.shift, 0),
    totalBlockingMs: blocking.reduce((sum, each) => sum + each, 0),
  }
}
