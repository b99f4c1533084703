/** Processes with least grants of their own; each has a NOLOGIN group role `shuangwu_<role>` made by the migrations. */
export const processRoles = ['headend', 'mdm', 'billing', 'dunning', 'console', 'reader'] as const
export type ProcessRole = (typeof processRoles)[number]

/** The owner migrates and nothing else. */
export const loginRoles = ['owner', ...processRoles] as const
export type LoginRole = (typeof loginRoles)[number]

export function groupRoleName(role: ProcessRole): string {
  return `shuangwu_${role}`
}

/** Name under which a process logs in to the local database. */
export function loginName(role: LoginRole): string {
  return role === 'owner' ? 'shuangwu_owner' : `shuangwu_${role}_login`
}
