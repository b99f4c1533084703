import { personNeeded, unknownActor } from '../domain/actor-errors.js'
import { findActorKind } from '../storage/billing/actors.js'
import type { Queryable } from '../storage/database.js'

/** Refuses an actor nobody registered. */
export async function requireActor(client: Queryable, actorId: string): Promise<void> {
  if ((await findActorKind(client, actorId)) === null) throw unknownActor(actorId)
}

/** Refuses everyone but a person: an approval by a process is none. */
export async function requirePerson(client: Queryable, actorId: string, act: string): Promise<void> {
  await requireActor(client, actorId)
  if ((await findActorKind(client, actorId)) !== 'person') throw personNeeded(actorId, act)
}
