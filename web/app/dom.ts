/** Elements without a template language: nothing here reads HTML, so no text can become markup. */

export type Child = Node | string | false | undefined

type Handler = (event: Event) => void
/** Attributes; a function listens for the event of its name. */
type Properties = Readonly<Record<string, string | number | boolean | undefined | Handler>>

/** Makes an element. `true` sets an empty attribute, `false` and undefined none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else setAttribute(element, name, value)
  }
  element.append(...present(children))
  return element
}

export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | undefined,
): void {
  if (value === undefined || value === false) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : String(value))
}

export function replaceChildren(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...present(children))
}

const present = (children: readonly Child[]) =>
  children.filter((child): child is Node | string => child !== undefined && child !== false)

let lastId = 0
/** An id that no other element of this document has. */
export function newId(prefix: string): string {
  lastId += 1
  return `${prefix}-${lastId}`
}
