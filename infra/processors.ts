/** Processors that functions can be built for, and the native binary of argon2 for each. */
export const processors = {
  arm64: { binding: '@node-rs/argon2-linux-arm64-gnu', binary: 'argon2.linux-arm64-gnu.node', elf: 0xb7 },
  x86_64: { binding: '@node-rs/argon2-linux-x64-gnu', binary: 'argon2.linux-x64-gnu.node', elf: 0x3e },
} as const satisfies Record<string, { binding: string; binary: string; elf: number }>

export type Processor = keyof typeof processors

/**
 * @param arch as Node names it
 * @throws Error for a machine that no function can be built for
 */
export function processorOf(arch: string): Processor {
  if (arch === 'arm64') return 'arm64'
  if (arch === 'x64') return 'x86_64'
  throw new Error(`Functions are built for arm64 and x64, not for ${arch}.`)
}
