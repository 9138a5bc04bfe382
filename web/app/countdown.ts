/** Time that runs out. Counted against the clock, not by ticks, so that sleep and throttled tabs do not stretch it. */

export const secondsUntil = (time: number) => Math.max(0, Math.ceil((time - Date.now()) / 1000))

/** Calls `show` at once and every second until the view goes. */
export function everySecond(leaving: AbortSignal, show: () => void): void {
  show()
  if (leaving.aborted) return
  const timer = setInterval(show, 1000)
  leaving.addEventListener('abort', () => clearInterval(timer))
  document.addEventListener('visibilitychange', show, { signal: leaving })
}

/** `04:59`, `1:00:00` */
export function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const start = hours > 0 ? `${hours}:${two(minutes % 60)}` : two(minutes)
  return `${start}:${two(seconds % 60)}`
}
