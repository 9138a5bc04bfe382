/** What the local event bus was given, as a consumer sees it. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import type { PublishedEvent } from '#local/services/published.ts'
import { eventSchemas } from '../../docs/event-types.ts'
import type { World } from './world.ts'

/** Of one person, oldest first, once the workers are done. */
export async function publishedOf(world: World, userId: string): Promise<readonly PublishedEvent[]> {
  await world.idle()
  const query = new URLSearchParams({ userId })
  return (await world.get<PublishedEvent[]>(`/_local/events?${query}`)).body
}

/** `PIN_RESET failure wrong_code` */
export const eventLine = ({ 'detail-type': type, detail }: PublishedEvent): string =>
  [type, detail['outcome'], detail['reason']].filter((part) => part !== undefined).join(' ')

const schemas = new Ajv2020({ strict: true, allErrors: true }).addSchema(eventSchemas(), 'events')

/** What of an event its schema does not allow, a line each. */
export function misfitsOf({ 'detail-type': type, detail }: PublishedEvent): string[] {
  const fits = schemas.getSchema(`events#/$defs/${type}`)
  if (fits === undefined) return [`${type} has no schema`]
  if (fits(detail)) return []
  return (fits.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${type} ${detail['outcome']} ${detail['reason'] ?? ''}${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** Each event that the bus was given fits the schema of its type. To be called as a test file is read, after `useWorld`. */
export function holdEventsToSchemas(world: World): void {
  test('each entry of these flows was published, and fits the schema of its type', async () => {
    await world.idle()
    const { body } = await world.get<PublishedEvent[]>('/_local/events')
    expect(body.length).toBeGreaterThan(0)
    expect([...new Set(body.flatMap(misfitsOf))]).toEqual([])
  })
}
