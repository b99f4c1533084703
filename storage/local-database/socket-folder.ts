import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { isSystemError } from './atomic-file.js'
import { canTraverse, type ServerUser } from './server-user.js'

/** sockaddr_un holds 108 bytes with the closing zero; PostgreSQL adds this name. */
const longestSocketPath = 107
const socketName = '/.s.PGSQL.5432'
const alternatives = 15

/**
 * Makes the folder of the server's socket, closed to everyone but the server's user: the same name at each start of one cluster, any
 * other while that one exists. A folder that exists is never reused: a stranger may hold it, or an ending server be about to remove it.
 */
export function makeSocketFolder(clusterId: string, user: ServerUser | null): string {
  const base = [tmpdir(), '/tmp'].find((folder) => fits(folder) && canTraverse(folder, user))
  const others = Array.from({ length: alternatives }, () => randomBytes(4).toString('hex'))
  const names = base === undefined ? [] : [clusterId, ...others].map((name) => join(base, `sw-${name}`))
  const made = names.find((folder) => makeNew(folder, user))
  if (made !== undefined) return made
  throw new UserError(
    'local_database_failed',
    `套接字无处可放 neither ${tmpdir()} nor /tmp takes the socket of the local database`,
  )
}

function fits(base: string): boolean {
  return Buffer.byteLength(`${base}/sw-00000000${socketName}`) <= longestSocketPath
}

function makeNew(folder: string, user: ServerUser | null): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    if (user !== null) chownSync(folder, user.uid, user.gid)
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false
    throw error
  }
}
