import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Clock ticks of /proc a second, on every Linux that Node runs on. */
const ticksPerSecond = 100
/** Places behind the name of the program, which stands in brackets. Source: proc_pid_stat(5). */
const fields = { parent: 1, user: 11, system: 12, childUser: 13, childSystem: 14 } as const

/** Processor seconds that a server and all its processes have used, ended ones included; NaN where there is no /proc. */
export function serverCpuSeconds(dataFolder: string): number {
  const postmaster = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
  const own = statOf(postmaster)
  if (own === null) return Number.NaN
  let ticks = sum(own, ['user', 'system', 'childUser', 'childSystem'])
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null
    if (stat !== null && Number(stat[fields.parent]) === postmaster) ticks += sum(stat, ['user', 'system'])
  }
  return ticks / ticksPerSecond
}

/** Null for a process that is gone. */
function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

function sum(stat: readonly string[], names: readonly (keyof typeof fields)[]): number {
  return names.reduce((total, name) => total + Number(stat[fields[name]]), 0)
}

/** Processor seconds of this program with its threads. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
