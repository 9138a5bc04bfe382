/** Small pictures of a state. They say nothing that is not written beside them, so no screen reader hears of them. */

const shapes = {
  done: 'm5.5 12.5 4.3 4.3 8.7-9.3',
  mail: 'M3.5 6h17v12h-17zl8.5 7 8.5-7',
  phone: 'M7.5 3h9v18h-9zM11 17.5h2',
  search: 'M16 10.5a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM14.8 14.8 20 20',
  shield: 'M12 3.5 19 6v5.5c0 4.2-2.8 7.3-7 9-4.2-1.7-7-4.8-7-9V6zM12 8v4.5M12 15.8v.2',
  warning: 'M12 4 21.5 20h-19zM12 10v4.5M12 17v.2',
} as const

export type IconName = keyof typeof shapes

const svg = 'http://www.w3.org/2000/svg'

/** Drawn in the colour of the text around it. */
export function icon(name: IconName): SVGElement {
  const picture = document.createElementNS(svg, 'svg')
  picture.setAttribute('class', 'icon')
  picture.setAttribute('viewBox', '0 0 24 24')
  picture.setAttribute('aria-hidden', 'true')
  const shape = document.createElementNS(svg, 'path')
  shape.setAttribute('d', shapes[name])
  // So that a style can draw it from its beginning to its end.
  shape.setAttribute('pathLength', '1')
  picture.append(shape)
  return picture
}
