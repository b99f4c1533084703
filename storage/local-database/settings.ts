import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024
const largestSharedBuffersMiB = 2048

/**
 * Settings the server is started with; benches print them and give the peers the same.
 * Passed on the command line at every start, so the code that runs and the server never disagree.
 */
export function serverSettings(timescale: boolean, memoryBytes: number = totalmem()): Readonly<Record<string, string>> {
  const quarterMiB = Math.floor(memoryBytes / 4 / mebibyte)
  return {
    listen_addresses: '',
    unix_socket_permissions: '0700',
    shared_buffers: `${Math.min(largestSharedBuffersMiB, quarterMiB)}MB`,
    max_wal_size: '8GB',
    // The hash tables of a city's timelines fit; the default sends them to disk (ADR 0008).
    work_mem: '64MB',
    // A fresh database grows fast; stale statistics turn its anti-joins into scans.
    autovacuum_naptime: '5s',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    ...(timescale ? timescaleSettings : {}),
  }
}

const timescaleSettings = {
  shared_preload_libraries: 'timescaledb',
  'timescaledb.telemetry_level': 'off',
  // One scheduler per database, and a test run has many.
  max_worker_processes: '64',
  'timescaledb.max_background_workers': '48',
} as const
