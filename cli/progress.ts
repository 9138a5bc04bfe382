/** Progress on stderr: one line that moves on a terminal, now and then a line of its own elsewhere. */
const terminalMs = 100
const plainMs = 5000
const barCharacters = 24

export interface Progress {
  /** @param done so far */
  update(done: number): void
  /** Ends the moving line. */
  end(): void
}

/** What is left, in the largest unit that says it. */
function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s left`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min left` : `${(seconds / 3600).toFixed(1)} h left`
}

/** @param perSecond of this run; 0 while nothing is known */
function paceOf(done: number, total: number, perSecond: number): string {
  if (perSecond === 0) return ''
  const rate = Math.round(perSecond).toLocaleString('en')
  return `, ${rate}/s, ${timeLeft((total - done) / perSecond)}`
}

function textOf(what: string, done: number, total: number | undefined, perSecond: number): string {
  if (total === undefined || total === 0) return `${done.toLocaleString('en')} ${what}`
  const share = Math.min(1, done / total)
  const bar = '#'.repeat(Math.round(share * barCharacters)).padEnd(barCharacters, '.')
  return `[${bar}] ${Math.floor(share * 100)}% ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}${paceOf(done, total, perSecond)}`
}

/** @param what is counted, such as `entries` */
export function showProgress(what: string, total?: number, stream = process.stderr): Progress {
  const everyMs = stream.isTTY ? terminalMs : plainMs
  let shownAt = performance.now()
  let moving = false
  // From the first report on: what an earlier run had done took no time of this one.
  let first: { readonly at: number; readonly done: number } | undefined
  return {
    update(done) {
      const now = performance.now()
      first ??= { at: now, done }
      if (now - shownAt < everyMs) return
      shownAt = now
      moving = stream.isTTY
      const perSecond = now > first.at ? ((done - first.done) * 1000) / (now - first.at) : 0
      const text = textOf(what, done, total, perSecond)
      stream.write(stream.isTTY ? `\r${text}\u001b[K` : `${text}\n`)
    },
    end() {
      if (moving) stream.write('\r\u001b[K')
      moving = false
    },
  }
}
