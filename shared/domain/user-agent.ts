/**
 * A device by names that are known here and no others: what a browser or an app says of itself is the caller's to choose, and
 * these names stand in messages. Coarse on purpose: it decides nothing. Without imports: the pages use it too.
 */

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

/** What can be said of a device to its owner. */
export interface KnownDevice {
  readonly browser?: string
  readonly system: string
}

const match = (table: readonly (readonly [RegExp, string])[], text: string) =>
  table.find(([pattern]) => pattern.test(text))?.[1]

/** @returns undefined for what is no known browser. */
export function readUserAgent(text: string): Required<KnownDevice> | undefined {
  const browser = match(browsers, text)
  const system = match(systems, text)
  return browser === undefined || system === undefined ? undefined : { browser, system }
}

/**
 * @param os what an app says of its system, such as `Android 15`
 * @returns the device of a call by its browser, or else by that; undefined where neither is known
 */
export function knownDevice(userAgent = '', os = ''): KnownDevice | undefined {
  const system = systems
    .map(([, name]) => name)
    .find((name) => os.toLowerCase().startsWith(name.toLowerCase()))
  return readUserAgent(userAgent) ?? (system === undefined ? undefined : { system })
}
