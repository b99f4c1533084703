import { readFileSync } from 'node:fs'
import { isSystemError, readIfThere } from './atomic-file.js'

/**
 * A process across reuse of its number: the start time is in clock ticks since boot, so the boot is part of the identity.
 * Source: proc(5), fields 3 and 22 of /proc/<pid>/stat.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTicks: string
  readonly bootId: string
}

/** Null when no such process runs; one that has ended but was not yet collected by its parent counts as ended. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const stat = readStat(pid)
  if (stat === null) return null
  // The name in parentheses may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, startTicks] = [fields[0], fields[19]]
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null
  return { pid, startTicks, bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() }
}

export function isRunning(process: ProcessIdentity): boolean {
  const now = identifyProcess(process.pid)
  return now !== null && now.startTicks === process.startTicks && now.bootId === process.bootId
}

/** Arguments a process was started with; empty when it is gone. */
export function commandLine(pid: number): readonly string[] {
  return (readProcess(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((part) => part !== '')
}

function readStat(pid: number): string | null {
  return readProcess(`/proc/${pid}/stat`)
}

function readProcess(path: string): string | null {
  try {
    return readIfThere(path)
  } catch (error) {
    // The process ended between open and read.
    if (isSystemError(error, 'ESRCH')) return null
    throw error
  }
}
