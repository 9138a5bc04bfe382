/** Carries what was typed over to the same form in another language. */

/** @returns what puts the values back into the inputs of the same names. */
export function keepTyped(root: ParentNode): () => void {
  const inputs = () => [...root.querySelectorAll<HTMLInputElement>('input[name]')]
  const kept = new Map(inputs().map(({ name, value, checked }) => [name, { value, checked }]))
  return () => {
    for (const input of inputs()) {
      const before = kept.get(input.name)
      if (before === undefined) continue
      input.value = before.value
      input.checked = before.checked
      input.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }
}
