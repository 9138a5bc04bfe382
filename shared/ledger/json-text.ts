/** What parsing does not tell of JSON text: how deep it is nested, and whether a key stands twice in one object. */

/** @returns the place behind the string that begins at `start`; a string without an end goes to that of the text. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = quote
    while (text[slashes - 1] === '\\') slashes -= 1
    if ((quote - slashes) % 2 === 0) return quote + 1
  }
  return text.length
}

/** Strings as wholes, and what opens, closes and parts objects and arrays. Not one pattern: it would remember each escape. */
function* tokensOf(text: string): Generator<string> {
  const next = /["{}[\],]/g
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    const end = found[0] === '"' ? endOfString(text, found.index) : next.lastIndex
    next.lastIndex = end
    yield text.slice(found.index, end)
  }
}

/**
 * Whether more than `most` brackets are open at once outside strings. It asks nothing else of the text, so that every
 * verifier can tell before its parser does, or after that gave up.
 */
export function isNestedDeeper(text: string, most: number): boolean {
  let open = 0
  for (const token of tokensOf(text)) {
    if (token === '{' || token === '[') open += 1
    if (token === '}' || token === ']') open -= 1
    if (open > most) return true
  }
  return false
}

/** @param text that is JSON. Keys are compared as what they mean: `"a"` is `"\u0061"`. */
export function hasRepeatedKey(text: string): boolean {
  // Keys of each open object; an open array has none.
  const open: (Set<string> | undefined)[] = []
  let before = ''
  for (const token of tokensOf(text)) {
    const keys = open.at(-1)
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (keys !== undefined && (before === '{' || before === ',')) {
      const key = JSON.parse(token) as string
      if (keys.has(key)) return true
      keys.add(key)
    }
    before = token
  }
  return false
}
