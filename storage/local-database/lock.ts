import { linkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { UserError } from '../../domain/errors.js'
import { invariant } from '../../domain/result.js'
import { isSystemError, readIfThere, replaceFile } from './atomic-file.js'
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js'

/** Content of the lock file: the process that owns the folder's database, and its socket once the server answers. */
export interface Owner extends ProcessIdentity {
  readonly socketFolder: string | null
}

export interface FolderLock {
  /** Tells other processes where the running server listens. */
  readonly publish: (socketFolder: string) => void
  readonly release: () => void
}

/**
 * Takes the folder for this process. A lock whose process is gone, or whose number now belongs to another program, is taken over.
 * Should two processes take over in the same instant, the server's own lock on the data refuses the second.
 * @throws UserError `database_in_use` naming the owner's pid and the folder.
 */
export function lockFolder(path: string, folder: string): FolderLock {
  return takeLock(path, (pid) => inUse(pid, folder))
}

/** The same for anything that one process at a time may have; `refusal` is thrown when another living one has it. */
export function takeLock(path: string, refusal: (pid: number) => Error): FolderLock {
  const self = identifyProcess(process.pid)
  invariant(self !== null, 'a process can identify itself')
  const owner: Owner = { ...self, socketFolder: null }
  while (!createLock(path, owner)) {
    const content = readIfThere(path)
    if (content === null) continue
    const holder = parseOwner(content)
    if (holder !== null && isRunning(holder)) throw refusal(holder.pid)
    removeStale(path, content)
  }
  return {
    publish: (socketFolder) => replaceFile(path, lockText({ ...owner, socketFolder }), 0o644),
    release: () => unlinkSync(path),
  }
}

/** The living owner of a folder; null when nobody owns it. */
export function readOwner(path: string): Owner | null {
  const content = readIfThere(path)
  const owner = content === null ? null : parseOwner(content)
  return owner !== null && isRunning(owner) ? owner : null
}

export function inUse(pid: number, folder: string): UserError {
  return new UserError(
    'database_in_use',
    `本地库由其他进程占用 the local database in ${folder} is in use by process ${pid}`,
  )
}

/** A link appears whole or not at all, and fails when the name is taken. */
function createLock(path: string, owner: Owner): boolean {
  const draft = `${path}.${process.pid}.draft`
  writeFileSync(draft, lockText(owner), { mode: 0o644 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false
    throw error
  } finally {
    unlinkSync(draft)
  }
}

/** Renames first and looks again, so that a lock taken meanwhile is put back and not lost. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return
    throw error
  }
  if (readIfThere(aside) !== stale) restore(aside, path)
  unlinkSync(aside)
}

function restore(aside: string, path: string): void {
  try {
    linkSync(aside, path)
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error
  }
}

function lockText(owner: Owner): string {
  return `${JSON.stringify(owner)}\n`
}

/** Null for a file that holds no lock, such as one a full disk cut short. */
function parseOwner(content: string): Owner | null {
  try {
    const parsed: unknown = JSON.parse(content)
    return isOwner(parsed) ? parsed : null
  } catch {
    return null
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    'startTicks' in value &&
    'bootId' in value &&
    'socketFolder' in value
  )
}
