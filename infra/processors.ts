/** Processors that functions can be built for, and the native binaries of the slow hashes for each. */

/** Packages whose loader looks for the platform's binary at run time; the binary lies in a package of its own. */
export const nativeModules = ['argon2', 'bcrypt'] as const
export type NativeModule = (typeof nativeModules)[number]

const platforms = { arm64: 'linux-arm64-gnu', x86_64: 'linux-x64-gnu' } as const
export type Processor = keyof typeof platforms

/** `e_machine` of an ELF header. */
export const elfMachine: Readonly<Record<Processor, number>> = { arm64: 0xb7, x86_64: 0x3e }

/** Package that holds a binary for a processor. */
export const bindingOf = (module: NativeModule, processor: Processor) =>
  `@node-rs/${module}-${platforms[processor]}` as const
/** Name of that binary's file. */
export const binaryOf = (module: NativeModule, processor: Processor) =>
  `${module}.${platforms[processor]}.node` as const

/**
 * @param arch as Node names it
 * @throws Error for a machine that no function can be built for
 */
export function processorOf(arch: string): Processor {
  if (arch === 'arm64') return 'arm64'
  if (arch === 'x64') return 'x86_64'
  throw new Error(`Functions are built for arm64 and x64, not for ${arch}.`)
}
