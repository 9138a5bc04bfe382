/** Digits as people type them. */

/** Digits of any script as ASCII, as the service wants them: an Arabic keyboard types others. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
}
