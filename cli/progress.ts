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

function textOf(what: string, done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${done.toLocaleString('en')} ${what}`
  const share = Math.min(1, done / total)
  const bar = '#'.repeat(Math.round(share * barCharacters)).padEnd(barCharacters, '.')
  return `[${bar}] ${Math.floor(share * 100)}% ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${what}`
}

/** @param what is counted, such as `entries` */
export function showProgress(what: string, total?: number, stream = process.stderr): Progress {
  const everyMs = stream.isTTY ? terminalMs : plainMs
  let shownAt = performance.now()
  let moving = false
  return {
    update(done) {
      const now = performance.now()
      if (now - shownAt < everyMs) return
      shownAt = now
      moving = stream.isTTY
      stream.write(stream.isTTY ? `\r${textOf(what, done, total)}\u001b[K` : `${textOf(what, done, total)}\n`)
    },
    end() {
      if (moving) stream.write('\r\u001b[K')
      moving = false
    },
  }
}
