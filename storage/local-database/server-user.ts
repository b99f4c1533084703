import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** The system user the server runs as. PostgreSQL refuses to run as root, so root lends it to `nobody`. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

const nobody: ServerUser = { uid: 65534, gid: 65534 }

/** Null when the server runs as whoever we are; otherwise the user to change to, which takes root. */
export function serverUser(data: string | null): ServerUser | null {
  if (process.getuid?.() !== 0) return null
  if (data === null) return nobody
  const { uid, gid } = statSync(data)
  return uid === 0 ? nobody : { uid, gid }
}

/** Spread into the options of a child process. */
export function runAs(user: ServerUser | null): { readonly uid?: number; readonly gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid }
}

/** Whether the server's user can pass through a folder, asked of the kernel because modes alone do not tell. */
export function canTraverse(folder: string, user: ServerUser | null): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...runAs(user), cwd: '/' }).status === 0
}
