/** What a product may be called: its name stands in messages, beside codes and in texts that are filled in. */

/** Pages look for the code in a message that is pasted. */
export const holdsSixDigits = (text: string): boolean => /\p{Nd}{6}/u.test(text)

/** What texts have filled in, such as `{code}`. */
export const placeholder = /\{[^{}]*\}/g

export const isProduct = (name: string): boolean =>
  name.trim() !== '' && !/\p{C}/u.test(name) && !holdsSixDigits(name) && name.search(placeholder) === -1

/** Said of a name that is none. */
export const productRefusal =
  'must be a name on one line, without a run of six digits, which would be taken for the code, and without {braces}, which texts fill in'
