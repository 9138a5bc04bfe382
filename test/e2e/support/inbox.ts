/** Messages in the local inbox, and the colours in which they are seen. */
import type { Browser, Page } from 'playwright-core'
import { newIp, type World } from '#test/support/world.ts'

/** Has a code sent by email and one by SMS. @returns the email's address */
export async function askForCodes(world: World, locale: 'en' | 'ar'): Promise<string> {
  const { email, userId } = await world.identity({ locale })
  await world.post('/api/auth/forgot-password', { email }, { ip: newIp() })
  await world.post('/api/pin/reset/request', { userId }, { ip: newIp() })
  await world.lastCode(email)
  return email
}

type Colour = readonly [red: number, green: number, blue: number]

/** WCAG 2.2, relative luminance. */
const luminance = (colour: Colour) => {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export interface Seen {
  /** Luminance of the ground, 0 to 1. */
  readonly ground: number
  /** WCAG 2.2 contrast of what differs from it most: the text. */
  readonly contrast: number
}

/**
 * What is really painted at a place, whatever the styles say: the commonest colour, and the one farthest from it.
 * @param clip in pixels of the page
 */
export async function coloursAt(
  browser: Browser,
  page: Page,
  clip: { x: number; y: number; width: number; height: number },
): Promise<Seen> {
  const picture = (await page.screenshot({ clip, fullPage: true })).toString('base64')
  const reader = await browser.newPage()
  // As text: what runs in a page is no part of this program.
  const colours = (await reader.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${picture}'
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const counts = new Map()
    for (let at = 0; at < data.length; at += 4) {
      const colour = [...data.slice(at, at + 3)].join()
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour.split(',').map(Number))
  })()`)) as Colour[]
  await reader.close()
  const [ground = 0, ...others] = colours.map(luminance)
  const contrasts = others.map((other) => {
    const [light, dark] = other > ground ? [other, ground] : [ground, other]
    return (light + 0.05) / (dark + 0.05)
  })
  return { ground, contrast: Math.max(1, ...contrasts) }
}
