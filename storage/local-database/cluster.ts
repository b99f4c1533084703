import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { loginName } from '../roles.js'
import { parseJson, readIfThere, replaceFile } from './atomic-file.js'
import type { Binaries } from './binaries.js'
import type { Layout } from './layout.js'
import { sharedRoot } from './place-binaries.js'
import { canTraverse, runAs, type ServerUser } from './server-user.js'

/** The pointer in the folder: which cluster it has, where the data is and which programs wrote it. */
export interface Cluster {
  readonly id: string
  readonly data: string
  readonly major: number
  readonly timescale: boolean
}

const removeRetries = 10

/** The folder's cluster with its data in place; null when there is none yet, or its making was cut short. */
export function readCluster(layout: Layout): Cluster | null {
  const text = readIfThere(layout.pointer)
  if (text === null) return null
  const cluster = parseJson(text)
  if (!isCluster(cluster))
    throw new UserError('local_database_failed', `${layout.pointer} 未指向本地库 does not name the local database`)
  return existsSync(join(cluster.data, 'PG_VERSION')) ? cluster : null
}

function isCluster(value: unknown): value is Cluster {
  return (
    typeof value === 'object' && value !== null && ['id', 'data', 'major', 'timescale'].every((key) => key in value)
  )
}

/**
 * Makes an empty cluster. The data gets its final name only when initdb is through, so one that was interrupted is simply made again.
 * @throws UserError `local_database_failed`
 */
export async function createCluster(
  layout: Layout,
  binaries: Binaries,
  programs: string,
  password: string,
  user: ServerUser | null,
): Promise<Cluster> {
  const id = randomBytes(4).toString('hex')
  const data = placeData(layout, id, user)
  const cluster: Cluster = { id, data, major: binaries.major, timescale: binaries.timescale }
  if (existsSync(data))
    throw new UserError(
      'local_database_failed',
      `${data} 有数据，但缺指引文件 holds data, but ${layout.pointer} that names it is missing`,
    )
  replaceFile(layout.pointer, `${JSON.stringify(cluster, null, 2)}\n`, 0o644)
  const draft = makeDraft(data, user)
  await initdb(join(programs, 'bin', 'initdb'), draft, password, user)
  renameSync(draft, data)
  return cluster
}

/** In the folder where the server's user can get there; otherwise in a place of root's that everyone can pass. */
function placeData(layout: Layout, id: string, user: ServerUser | null): string {
  if (canTraverse(layout.home, user)) return layout.data
  const home = join(sharedRoot, id)
  mkdirSync(home, { recursive: true, mode: 0o755 })
  return join(home, 'data')
}

function makeDraft(data: string, user: ServerUser | null): string {
  const parent = dirname(data)
  const prefix = `${basename(data)}.draft-`
  for (const leftover of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    // A run that was killed may still have an initdb that is about to notice.
    rmSync(join(parent, leftover), { recursive: true, force: true, maxRetries: removeRetries })
  }
  const draft = join(parent, `${prefix}${process.pid}`)
  mkdirSync(draft, { mode: 0o700 })
  if (user !== null) chownSync(draft, user.uid, user.gid)
  return draft
}

/** Locale C: text sorts by bytes whatever the system's libraries are. The password goes through a pipe, never a command line or a file. */
async function initdb(program: string, data: string, password: string, user: ServerUser | null): Promise<void> {
  const options = [
    '-D',
    data,
    '-U',
    loginName('owner'),
    '--pwfile=/dev/stdin',
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
  ]
  const child = spawn('/bin/sh', ['-c', 'cat | "$0" "$@"', program, ...options], {
    ...runAs(user),
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  })
  child.stdin.end(`${password}\n`)
  child.stdout.resume()
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (status !== 0)
    throw new UserError('local_database_failed', `建库失败 initdb could not make ${data}: ${complaint.trim()}`)
}
