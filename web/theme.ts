/** What a theme's folder holds: colours, a logo, and what stands behind the pages. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Picture {
  /** Below the pages' folder. */
  readonly path: string
  readonly content: Uint8Array
}

export interface Theme {
  readonly css: string
  readonly logo: {
    readonly files: readonly Picture[]
    readonly paths: { readonly light: string; readonly dark: string; readonly ratio: number }
  }
  /** Each for its own scheme alone. */
  readonly backgrounds: { readonly light: Picture | undefined; readonly dark: Picture | undefined }
}

/**
 * @param folder holds `theme.css`, `logo.svg` and, where they are wanted, `logo-dark.svg`, `background.svg`, `background-dark.svg`
 * @throws Error where it has no colours or no logo
 */
export async function readTheme(folder: string): Promise<Theme> {
  const [light, dark] = [await read(folder, 'logo'), await readIfThere(folder, 'logo-dark')]
  return {
    css: await readFile(join(folder, 'theme.css'), 'utf8'),
    logo: {
      files: dark === undefined ? [light] : [light, dark],
      paths: {
        light: `/${light.path}`,
        dark: dark === undefined ? '' : `/${dark.path}`,
        ratio: ratioOf(String(light.content)),
      },
    },
    backgrounds: {
      light: await readIfThere(folder, 'background'),
      dark: await readIfThere(folder, 'background-dark'),
    },
  }
}

async function read(folder: string, name: string) {
  const content = await readFile(join(folder, `${name}.svg`))
  return { path: `assets/${name}-${await shortHash(content)}.svg`, content }
}

async function readIfThere(folder: string, name: string): Promise<Picture | undefined> {
  try {
    return await read(folder, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** @returns width by height, as the picture's `viewBox` has it; 1 where it has none */
function ratioOf(svg: string): number {
  const [, , width = 1, height = 1] = (/viewBox\s*=\s*["']([^"']+)/.exec(svg)?.[1] ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const ratio = Math.round((width / height) * 100) / 100
  return ratio > 0 && Number.isFinite(ratio) ? ratio : 1
}

async function shortHash(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', content))
    .toString('hex')
    .slice(0, 8)
}

/** What of the theme is served beside the style sheet. */
export const picturesOf = ({ logo, backgrounds }: Theme): readonly Picture[] =>
  [...logo.files, backgrounds.light, backgrounds.dark].filter((picture) => picture !== undefined)

/** A picture is for one scheme, and for nobody who asks for more contrast or colours of their own. */
export const backgroundRules = ({ backgrounds }: Theme): string =>
  Object.entries(backgrounds)
    .filter(([, picture]) => picture !== undefined)
    .map(
      ([scheme, picture]) =>
        `@media (prefers-color-scheme: ${scheme}) and (forced-colors: none) and (not (prefers-contrast: more)) { :root { background: var(--lk-page) url("/${picture?.path}") center / cover no-repeat fixed } }`,
    )
    .join('\n')
