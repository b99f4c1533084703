import { personNeeded, unknownActor } from '../../domain/actor-errors.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Queryable } from '../../storage/database.js'

/** Somebody who can act. @throws UserError `bad_usage`. */
export async function requireActor(client: Queryable, actor: string): Promise<'person' | 'process'> {
  const kind = await findActorKind(client, actor)
  if (kind === null) throw unknownActor(actor)
  return kind
}

/** @throws UserError `bad_usage`, or `refused` for a process. */
export async function requirePerson(client: Queryable, actor: string): Promise<void> {
  if ((await requireActor(client, actor)) !== 'person') throw personNeeded(actor, '此事 this')
}
