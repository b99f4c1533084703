import { existsSync, realpathSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '../../domain/errors.js'
import { layoutOf } from './layout.js'
import { readOwner } from './lock.js'
import { attachLocalDatabase, type LocalDatabase, type LocalDatabaseOptions, openLocalDatabase } from './open.js'

/** What becomes of a server that somebody else keeps. */
export interface TakeOver {
  readonly takenOver: () => void
  /** Said once for each time that the server is gone; it is tried again. */
  readonly failed: (error: Error) => void
}

const watchMs = 200

/**
 * For a process that runs longer than others: uses the server that another process runs for the folder, and starts it again as its own
 * as soon as that one ends. The address stays the same, so that pools reconnect by themselves.
 */
export async function outliveLocalDatabase(options: LocalDatabaseOptions, told: TakeOver): Promise<LocalDatabase> {
  const database = await attachLocalDatabase(options)
  const { lock } = layoutOf(realpathSync(options.folder))
  if (readOwner(lock)?.pid === process.pid) return database
  const ending = new AbortController()
  const watching = takeOverWhenFree(database, lock, options, told, ending.signal)
  return {
    ...database,
    async close() {
      ending.abort()
      await (await watching)?.close()
    },
  }
}

/** @returns the server of our own, null when `ending` came first. */
async function takeOverWhenFree(
  { socketFolder }: LocalDatabase,
  lock: string,
  options: LocalDatabaseOptions,
  told: TakeOver,
  ending: AbortSignal,
): Promise<LocalDatabase | null> {
  let failure: string | null = null
  while (!ending.aborted) {
    // A server that is still ending holds the folder of its socket, and ours must come under the same name.
    const isFree = readOwner(lock) === null && !existsSync(socketFolder)
    const own = isFree ? await openAt(socketFolder, options) : null
    if (own !== null && 'close' in own) {
      told.takenOver()
      return own
    }
    if (own !== null && own.message !== failure) told.failed(own)
    failure = own?.message ?? failure
    await delay(watchMs, null, { signal: ending }).catch(() => null)
  }
  return null
}

/** @returns null when another process was faster, whose server is ours to use as well. */
async function openAt(socketFolder: string, options: LocalDatabaseOptions): Promise<LocalDatabase | Error | null> {
  try {
    const own = await openLocalDatabase(options)
    if (own.socketFolder === socketFolder) return own
    await own.close()
    return new UserError('local_database_failed', `已被他人占用 somebody else took ${socketFolder}`)
  } catch (error) {
    if (error instanceof UserError && error.code === 'database_in_use') return null
    return error instanceof Error ? error : new Error(String(error))
  }
}
