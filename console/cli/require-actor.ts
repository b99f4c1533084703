import { UserError } from '../../domain/errors.js'
import { findActorKind } from '../../storage/billing/actors.js'
import type { Queryable } from '../../storage/database.js'

/** Somebody who can act. @throws UserError `not_found`. */
export async function requireActor(client: Queryable, actor: string): Promise<'person' | 'process'> {
  const kind = await findActorKind(client, actor)
  if (kind === null) throw new UserError('not_found', `${actor}: 无此人员 nobody is registered under this name`)
  return kind
}

/** @throws UserError `not_found`, or `refused` for a process. */
export async function requirePerson(client: Queryable, actor: string): Promise<void> {
  if ((await requireActor(client, actor)) !== 'person')
    throw new UserError('refused', `${actor}: 须由人员操作 is a process; a person must act`)
}
