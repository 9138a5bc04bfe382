/** A name for a browser that its owner can tell from others. Coarse on purpose: it decides nothing. */

const browsers = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const
const systems = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
] as const

const match = (table: readonly (readonly [RegExp, string])[], text: string) =>
  table.find(([pattern]) => pattern.test(text))?.[1]

/** @returns undefined for what is no known browser. */
export function readUserAgent(
  text: string,
): { readonly browser: string; readonly system: string } | undefined {
  const browser = match(browsers, text)
  const system = match(systems, text)
  return browser === undefined || system === undefined ? undefined : { browser, system }
}
