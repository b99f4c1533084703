import type { ProcessRole } from '../roles.js'

/** Schema of pg-boss in our database. */
export const doorbellSchema = 'pgboss'

/** Processes that take work; each has one queue of doorbell rings. */
export type WorkRole = Exclude<ProcessRole, 'reader'>
export const workRoles = ['headend', 'mdm', 'billing', 'dunning', 'console'] as const satisfies readonly WorkRole[]

export function queueOf(role: WorkRole): string {
  return `work_${role}`
}

export const workQueues: readonly string[] = workRoles.map(queueOf)
