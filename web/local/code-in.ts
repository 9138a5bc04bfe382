/** Six digits that stand alone: the code of a message. Not part of a phone number or of a longer one. */
export const codeIn = (text: string): string | undefined => /(?<![\d+])\d{6}(?!\d)/.exec(text)?.[0]
