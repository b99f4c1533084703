import { chownSync, lstatSync, mkdirSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { isSystemError } from './atomic-file.js'
import { canTraverse, type ServerUser } from './server-user.js'

/** sockaddr_un holds 108 bytes with the closing zero; PostgreSQL adds this name. */
const longestSocketPath = 107
const socketName = '/.s.PGSQL.5432'
const attempts = 16

/**
 * Makes the folder of the server's socket, closed to everyone but the server's user: the same name at each start of one cluster,
 * the next one when a stranger holds it.
 */
export function makeSocketFolder(clusterId: string, user: ServerUser | null): string {
  const base = [tmpdir(), '/tmp'].find((folder) => fits(folder) && canTraverse(folder, user))
  if (base === undefined)
    throw new UserError(
      'local_database_failed',
      `neither ${tmpdir()} nor /tmp can hold the socket of the local database`,
    )
  for (let attempt = 0; attempt < attempts; attempt++) {
    const folder = join(base, `sw-${nameOf(clusterId, attempt)}`)
    if (claim(folder, user)) return folder
  }
  throw new UserError('local_database_failed', `cannot make a folder for the socket of the local database in ${base}`)
}

function nameOf(clusterId: string, attempt: number): string {
  return createHash('sha256').update(`${clusterId}/${attempt}`).digest('hex').slice(0, 8)
}

function fits(base: string): boolean {
  return Buffer.byteLength(`${base}/sw-00000000${socketName}`) <= longestSocketPath
}

function claim(folder: string, user: ServerUser | null): boolean {
  const uid = user?.uid ?? process.getuid?.()
  try {
    mkdirSync(folder, { mode: 0o700 })
    if (user !== null) chownSync(folder, user.uid, user.gid)
    return true
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error
    const found = lstatSync(folder)
    return found.isDirectory() && found.uid === uid && (found.mode & 0o777) === 0o700
  }
}
