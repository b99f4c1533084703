import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { readIfThere } from './atomic-file.js'
import { commandLine } from './process-identity.js'
import { pollUntil } from './real-time.js'
import { runAs, type ServerUser } from './server-user.js'

export interface PostmasterPlan {
  readonly programs: string
  readonly data: string
  readonly socketFolder: string
  readonly log: string
  readonly settings: Readonly<Record<string, string>>
  readonly user: ServerUser | null
}

export interface Postmaster {
  /** Stops the server with a checkpoint and resolves when it is gone. */
  readonly stop: () => Promise<void>
}

// Recovery after a hard stop may have gigabytes of log to read, and a checkpoint gigabytes to write.
export const readyTimeoutMs = 600_000
const leftoverTimeoutMs = 300_000
const retryTimeoutMs = 10_000
const longestLogBytes = 16 * 1024 * 1024

/**
 * Keeps the server exactly as long as our end of standard input is open: the kernel closes it whatever ends us, kill -9 included.
 * It leads a session of its own, so a Ctrl-C meant for us reaches neither it nor the server.
 */
const keeper = `
trap '' HUP INT TERM QUIT
socket_folder=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{
  while read -r _; do :; done <&3
  kill -INT $server
  for signal in QUIT KILL; do
    tries=0
    while [ $tries -lt 1200 ] && kill -0 $server; do sleep 0.1; tries=$((tries + 1)); done
    kill -$signal $server
  done
} 2>/dev/null &
watch=$!
exec 3<&-
wait $server
status=$?
kill -KILL $watch
rm -f "$socket_folder"/.s.PGSQL.*
rmdir "$socket_folder"
exit $status
`

/**
 * Starts the server under its keeper and waits until it accepts connections.
 * @throws UserError `local_database_failed` with the last words of its log.
 */
export async function startPostmaster(plan: PostmasterPlan): Promise<Postmaster> {
  await endLeftover(plan.data)
  for (let waitedMs = 0; ; waitedMs += 200) {
    const child = spawnKeeper(plan)
    const outcome = await pollUntil(readyTimeoutMs, () =>
      isReady(plan.data) ? 'ready' : hasEnded(child) ? 'ended' : null,
    )
    if (outcome === 'ready') return { stop: () => stop(child) }
    await stop(child)
    const reason = lastWords(plan.log)
    // For a moment the last backends of a server that was killed hold its memory, and it is a number until its parent has heard of its end.
    if (!/still in use|already exists/.test(reason) || waitedMs >= retryTimeoutMs) {
      throw new UserError(
        'local_database_failed',
        `本地库未能启动 the local database in ${plan.data} did not start: ${reason} (log: ${plan.log})`,
      )
    }
    await pollUntil(200, () => null)
  }
}

function spawnKeeper(plan: PostmasterPlan): ChildProcess {
  const settings = { ...plan.settings, unix_socket_directories: plan.socketFolder }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openLog(plan.log, plan.user)
  const server = [join(plan.programs, 'bin', 'postgres'), '-D', plan.data, ...options]
  const child = spawn('/bin/sh', ['-c', keeper, 'sh', plan.socketFolder, ...server], {
    ...runAs(plan.user),
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  child.unref()
  child.stdin?.on('error', () => undefined)
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return child
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.ref()
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.stdin?.end()
  await ended
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function openLog(path: string, user: ServerUser | null): number {
  const log = openSync(path, 'a', 0o600)
  if (statSync(path).size > longestLogBytes) truncateSync(path)
  if (user !== null) chownSync(path, user.uid, user.gid)
  return log
}

/** The last complaint in the log. */
function lastWords(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  return lines.findLast((line) => /FATAL|PANIC|ERROR|error/.test(line)) ?? lines.at(-1) ?? 'no word in its log'
}

/** Line 8 of postmaster.pid says `ready` once connections are accepted; pg_ctl relies on the same. */
function isReady(data: string): boolean {
  const lines = (readIfThere(join(data, 'postmaster.pid')) ?? '').split('\n')
  return lines[7]?.startsWith('ready') === true && isServerOf(Number(lines[0]), data)
}

/**
 * We own the folder, so a server that still runs here belongs to an owner that died: its keeper is ending it, or was killed as well.
 * A pid file whose number now belongs to another program would make the server refuse to start, hence its removal.
 */
async function endLeftover(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  const pid = Number((readIfThere(file) ?? '').split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0) return
  if (!isServerOf(pid, data)) {
    if (commandLine(pid).length > 0) rmSync(file, { force: true })
    return
  }
  process.kill(pid, 'SIGINT')
  const gone = await pollUntil(leftoverTimeoutMs, () => (isServerOf(pid, data) ? null : true))
  if (gone === null)
    throw new UserError(
      'local_database_failed',
      `先前的服务器未结束 a server of an earlier run, process ${pid}, does not end`,
    )
}

function isServerOf(pid: number, data: string): boolean {
  const words = commandLine(pid)
  return words[words.indexOf('-D') + 1] === data
}
