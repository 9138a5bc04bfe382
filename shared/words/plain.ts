/** Text from outside, where it must not speak to a terminal or turn a line around. */
export const plain = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
