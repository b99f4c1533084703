import { UserError } from './errors.js'

/** What is said of an actor whom nobody registered, by every command. */
export const unknownActorMeaning = '没有此操作员 nobody of that name is registered'

export function unknownActor(actorId: string): UserError {
  return new UserError('bad_usage', `${actorId}: ${unknownActorMeaning}`, { reason: 'actor_unknown' })
}

/** `act` in both languages, such as 审批 an approval. */
export function personNeeded(actorId: string, act: string): UserError {
  return new UserError('refused', `${actorId}: 是程序，${act} 须由人作出 is a process; that is for people`)
}

/** `done` in both languages: what the same person did before. */
export function fourEyes(actorId: string, done: string): UserError {
  return new UserError('refused', `${actorId}: ${done} · 须由他人作出 another person decides`, { reason: 'four_eyes' })
}
