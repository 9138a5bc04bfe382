/** What stands on the deployer's own site, and below each page: by their names, in the order in which they stand. */
export const linkNames = ['privacy', 'terms', 'support'] as const

export type PageLinks = Readonly<Partial<Record<(typeof linkNames)[number], string | undefined>>>

/** An address of https, or a mailbox as a link has it: nothing that runs. */
export function isPageLink(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'https:' || (url?.protocol === 'mailto:' && url.pathname.includes('@'))
}

/** @throws Error that names the link which is none */
export function checkLinks(links: PageLinks): void {
  for (const name of linkNames) {
    const address = links[name]
    if (address !== undefined && !isPageLink(address))
      throw new Error(`The link "${name}" must be an https or mailto address, but is "${address}".`)
  }
}
