/** How a page ends: with the way back to the product, where the deployer lists one. */
import type { App } from '../app/app.ts'
import { h } from '../app/dom.ts'
import type { PagePath } from '../paths.ts'

/** @returns the button that leads to the product; undefined where there is none to lead to */
export const backToProduct = ({ back, catalogue, config, fill }: App): HTMLElement | undefined =>
  back === undefined
    ? undefined
    : h(
        'a',
        { class: 'main', href: back },
        fill(catalogue.texts.common.backToProduct, { product: config.product }),
      )

/** Back to the product, or to a page of ours; the one that is first of them stands out. */
export function waysOn(app: App, path: PagePath, label: string): readonly HTMLElement[] {
  const back = backToProduct(app)
  const own = h('a', { class: back === undefined ? 'main' : 'second', href: path }, label)
  return back === undefined ? [own] : [back, own]
}
