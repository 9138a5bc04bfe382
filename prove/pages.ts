/** Figures of the pages' first view, as Lighthouse takes them, through the DevTools protocol of Chromium. */
import { type Measured, measured } from '../bench/figures.ts'
import { median } from '../bench/statistics.ts'
import { openBrowser } from '../test/e2e/support/visit.ts'
import { pagePaths } from '../web/paths.ts'
import { type FirstView, firstView } from './pages/first-view.ts'
import { startHost } from './pages/host.ts'
import { type Proof, wholeNumber } from './proof.ts'

/** Pages that show something of their own without a session. */
const paths = [pagePaths.signIn, pagePaths.forgotPassword, pagePaths.resetByPhone, pagePaths.resetPin]

/** What Lighthouse calls good; the weight is what was agreed for the pages. */
const reach = { paintMs: 1800, largestMs: 2500, shift: 0.1, blockingMs: 200, kilobytes: 60 } as const

function* summed(path: string, views: readonly FirstView[], origin: string): Iterable<Measured> {
  const middle = (of: (view: FirstView) => number) => median(views.map(of))
  const foreign = views.flatMap(({ requests }) => requests).filter((url) => !url.startsWith(`${origin}/`))
  yield measured(
    `first_contentful_paint.${path}`,
    middle((view) => view.firstContentfulPaintMs),
    'ms',
    {
      most: reach.paintMs,
    },
  )
  yield measured(
    `largest_contentful_paint.${path}`,
    middle((view) => view.largestContentfulPaintMs),
    'ms',
    {
      most: reach.largestMs,
    },
  )
  yield measured(
    `layout_shift.${path}`,
    middle((view) => view.layoutShift),
    '',
    { most: reach.shift },
  )
  yield measured(
    `total_blocking_time.${path}`,
    middle((view) => view.totalBlockingMs),
    'ms',
    {
      most: reach.blockingMs,
    },
  )
  yield measured(`weight.${path}`, middle((view) => view.bytes) / 1024, 'KB', { most: reach.kilobytes })
  yield measured(
    `requests.${path}`,
    middle((view) => view.requests.length),
    'requests',
  )
  yield measured(`requests_elsewhere.${path}`, foreign.length, 'requests', { most: 0 })
}

export const proof: Proof = {
  about: 'The first view of each page on a slow phone and slow 4G: paint, shift, blocking, weight, requests.',
  options: { runs: { type: 'string' } },
  async *run(values, report) {
    const runs = wholeNumber(values, 'runs', 5, { least: 1, most: 100 })
    const host = await startHost()
    const { browser, close } = await openBrowser()
    try {
      for (const path of paths) {
        const views: FirstView[] = []
        for (let run = 0; run < runs; run += 1) views.push(await firstView(browser, host.origin + path))
        report(`${path}: the middle of ${runs} first visits`)
        yield* summed(path, views, host.origin)
      }
    } finally {
      await close()
      await host.close()
    }
  },
}
