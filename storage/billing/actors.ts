import type { Queryable } from '../database.js'

/** Kind of an actor; null for one nobody registered. */
export async function findActorKind(client: Queryable, actorId: string): Promise<'person' | 'process' | null> {
  const [row] = await client.query<{ kind: 'person' | 'process' }>('select kind from actor where actor_id = $1', [
    actorId,
  ])
  return row?.kind ?? null
}
