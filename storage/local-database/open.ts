import { mkdirSync, realpathSync } from 'node:fs'
import { UserError } from '../../domain/errors.js'
import { loginName, type LoginRole, type ProcessRole } from '../roles.js'
import { isSystemError } from './atomic-file.js'
import { type Binaries, type BinariesWanted, chooseBinaries } from './binaries.js'
import { type Cluster, createCluster, readCluster } from './cluster.js'
import { ensureMainDatabase } from './ensure-main-database.js'
import { type Layout, layoutOf } from './layout.js'
import { type FolderLock, lockFolder, readOwner } from './lock.js'
import { ensurePassFile, ensurePasswords, type Passwords } from './passwords.js'
import { placeBinaries } from './place-binaries.js'
import { readyTimeoutMs, startPostmaster } from './postmaster.js'
import { pollUntil } from './real-time.js'
import { serverUser } from './server-user.js'
import { serverSettings } from './settings.js'
import { makeSocketFolder } from './socket-folder.js'

export interface LocalDatabase {
  /** For migrations only. */
  readonly ownerUrl: string
  readonly url: (role: ProcessRole) => string
  /** The passwords of the login roles, which `migrate` gives them. */
  readonly passwords: Passwords
  readonly timescale: boolean
  readonly major: number
  readonly data: string
  readonly socketFolder: string
  /** PGPASSFILE with the reader's login. */
  readonly passFile: string
  readonly settings: Readonly<Record<string, string>>
  /** Stops the server when this process owns it; the data stays. */
  readonly close: () => Promise<void>
}

export interface LocalDatabaseOptions {
  /** The folder that gets `.shuangwu/`. */
  readonly folder: string
  readonly binaries?: BinariesWanted
  /** Server settings on top of ours; tests trade durability for speed here. */
  readonly settings?: Readonly<Record<string, string>>
}

export const mainDatabase = 'shuangwu'

/**
 * Starts the private cluster of a folder, making it first where there is none. The server ends with this process, whatever ends it.
 * @throws UserError `database_in_use` when another process owns the folder, `local_database_failed` when the server cannot start.
 */
export async function openLocalDatabase(options: LocalDatabaseOptions): Promise<LocalDatabase> {
  const layout = makeHome(options.folder)
  const lock = lockFolder(layout.lock, options.folder)
  try {
    return await startOwned(layout, lock, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Uses the server that another process runs for this folder; starts it when nobody does, and stops it again on close. */
export async function attachLocalDatabase(options: LocalDatabaseOptions): Promise<LocalDatabase> {
  const layout = makeHome(options.folder)
  const running = await pollUntil(readyTimeoutMs, () => {
    const owner = readOwner(layout.lock)
    return owner === null ? ('nobody' as const) : owner.socketFolder
  })
  if (running === 'nobody') return openLocalDatabase(options)
  const cluster = readCluster(layout)
  if (running === null || cluster === null)
    throw new UserError(
      'local_database_failed',
      `本地库一直未启动完毕 the local database in ${options.folder} does not finish starting`,
    )
  return describe(layout, cluster, ensurePasswords(layout.passwords, true), running, async () => undefined)
}

async function startOwned(layout: Layout, lock: FolderLock, options: LocalDatabaseOptions): Promise<LocalDatabase> {
  const existing = readCluster(layout)
  const user = serverUser(existing?.data ?? null)
  const binaries: Binaries = chooseBinaries(options.binaries ?? 'any', existing)
  const programs = placeBinaries(binaries, user)
  const passwords = ensurePasswords(layout.passwords, existing !== null)
  ensurePassFile(layout.passFile, passwords)
  const cluster = existing ?? (await createCluster(layout, binaries, programs, passwords.owner, user))
  const socketFolder = makeSocketFolder(cluster.id, user)
  const settings = { ...serverSettings(cluster.timescale), ...options.settings }
  const postmaster = await startPostmaster({
    programs,
    data: cluster.data,
    socketFolder,
    log: layout.log,
    settings,
    user,
  })
  let closing: Promise<void> | null = null
  const database = describe(layout, cluster, passwords, socketFolder, () => {
    closing ??= postmaster.stop().then(lock.release)
    return closing
  })
  try {
    await ensureMainDatabase(database.ownerUrl, mainDatabase)
  } catch (error) {
    await postmaster.stop()
    throw error
  }
  lock.publish(socketFolder)
  return database
}

function describe(
  { passFile }: Layout,
  cluster: Cluster,
  passwords: Passwords,
  socketFolder: string,
  close: () => Promise<void>,
): LocalDatabase {
  const url = (role: LoginRole): string => socketUrl(socketFolder, loginName(role), passwords[role], mainDatabase)
  const { data, timescale, major } = cluster
  const settings = serverSettings(timescale)
  return { ownerUrl: url('owner'), url, passwords, timescale, major, data, socketFolder, passFile, settings, close }
}

/** The host in the path is overruled by the parameter, for libpq as for pg; with one, every URL parser takes it. */
function socketUrl(socketFolder: string, user: string, password: string, database: string): string {
  return `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`
}

const notWritable =
  '不可写，不能放本地数据库；改用 SHUANGWU_FOLDER 或 DATABASE_URL cannot be written; name another folder by SHUANGWU_FOLDER, or a database by DATABASE_URL'
const folderAdvice: Readonly<Record<string, string>> = {
  ENOENT:
    '无此文件夹，不能放本地数据库；先建好，或改 SHUANGWU_FOLDER 或 DATABASE_URL no such folder; make it, or name another by SHUANGWU_FOLDER, or a database by DATABASE_URL',
  ENOTDIR: '不是文件夹；SHUANGWU_FOLDER 须为文件夹 is no folder; SHUANGWU_FOLDER names one',
}

function makeHome(folder: string): Layout {
  try {
    const layout = layoutOf(realpathSync(folder))
    mkdirSync(layout.home, { recursive: true, mode: 0o755 })
    return layout
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'EACCES', 'EROFS', 'ENOTDIR', 'EEXIST')) throw error
    throw new UserError('local_database_failed', `${folder}: ${folderAdvice[error.code ?? ''] ?? notWritable}`, {
      cause: error,
    })
  }
}
