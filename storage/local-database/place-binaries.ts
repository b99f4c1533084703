import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { isSystemError } from './atomic-file.js'
import type { Binaries } from './binaries.js'
import { runAs, type ServerUser } from './server-user.js'

/** Where root keeps what the server's user must reach. */
export const sharedRoot = '/var/lib/shuangwu'

/**
 * Folder of the programs that the server's user can really run: the set's own, or a copy when a closed folder lies above it.
 * @throws UserError `local_database_failed` with the system's words when neither runs.
 */
export function placeBinaries(binaries: Binaries, user: ServerUser | null): string {
  if (binaries.origin === 'npm') completeSymlinks(binaries.folder)
  if (versionOf(binaries.folder, user).ok) return binaries.folder
  const copy = user === null ? binaries.folder : copyBinaries(binaries)
  const probe = versionOf(copy, user)
  if (!probe.ok)
    throw new UserError(
      'local_database_failed',
      `${join(copy, 'bin', 'postgres')} 在此运行不了 does not run here: ${probe.reason}`,
    )
  return copy
}

function versionOf(folder: string, user: ServerUser | null): { readonly ok: boolean; readonly reason: string } {
  const probe = spawnSync(join(folder, 'bin', 'postgres'), ['--version'], {
    ...runAs(user),
    cwd: '/',
    encoding: 'utf8',
  })
  return { ok: probe.status === 0, reason: probe.error?.message ?? probe.stderr.trim() }
}

function copyBinaries(binaries: Binaries): string {
  const { version } = JSON.parse(readFileSync(join(dirname(binaries.folder), 'package.json'), 'utf8')) as {
    readonly version: string
  }
  const target = join(sharedRoot, `postgresql-${version}`)
  if (existsSync(target)) return target
  const draft = `${target}.${process.pid}.draft`
  mkdirSync(sharedRoot, { recursive: true, mode: 0o755 })
  cpSync(binaries.folder, draft, { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'a+rX', draft])
  moveUnlessThere(draft, target)
  return target
}

/** Two processes may copy at once; the first one's copy is kept. */
function moveUnlessThere(draft: string, target: string): void {
  try {
    renameSync(draft, target)
  } catch (error) {
    if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST')) throw error
    rmSync(draft, { recursive: true })
  }
}

/** npm drops symbolic links; the package's install script remakes them, unless scripts were switched off. */
function completeSymlinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly SymlinkEntry[]
  const root = dirname(native)
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue
    symlinkSync(source.slice(dirname(target).length + 1), join(root, target))
  }
}

interface SymlinkEntry {
  readonly source: string
  readonly target: string
}
