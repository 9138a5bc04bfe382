/** Queries and scans to their end: DynamoDB gives them a page at a time. */

/** @template Found what an item is, @template From where a page begins */
interface Page<Found, From> {
  readonly items: readonly Found[]
  readonly next?: From
}
type ReadPage<Found, From> = (from: From | undefined) => Promise<Page<Found, From>>

/** Each page, until there is none. */
export async function* eachPage<Found, From>(
  read: ReadPage<Found, From>,
  start?: From,
): AsyncGenerator<readonly Found[]> {
  let from = start
  do {
    const page = await read(from)
    yield page.items
    from = page.next
  } while (from !== undefined)
}

/** Each item of all pages; a page is read when one of its items is asked for. */
export async function* eachItem<Found, From>(
  read: ReadPage<Found, From>,
  start?: From,
): AsyncGenerator<Found> {
  for await (const items of eachPage(read, start)) yield* items
}
