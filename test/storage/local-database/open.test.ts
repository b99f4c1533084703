import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import t from 'tap'
import { attachLocalDatabase, openLocalDatabase } from '../../../storage/local-database/open.js'
import { commandLine } from '../../../storage/local-database/process-identity.js'
import { pollUntil } from '../../../storage/local-database/real-time.js'
import { canTraverse } from '../../../storage/local-database/server-user.js'
import { makeFolder, wantedBinaries } from '../../support/cluster.js'

const packageRoot = fileURLToPath(new URL('../../../..', import.meta.url))
const ownerScript = join('build', 'test', 'storage', 'local-database', 'owner.js')
const endTimeoutMs = 60_000

interface Folders {
  readonly teardown: (act: () => void) => void
}

interface Started {
  readonly ownerUrl: string
  readonly data: string
  readonly socketFolder: string
}

type OwnerProcess = ChildProcessByStdio<Writable, Readable, null>

t.test('the owner’s end ends the server, kill -9 included, and the next start works', async (t) => {
  const folder = temporaryFolder(t)
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    const { child, answer } = await startOwner(t, folder)
    const server = serverPid(answer.data)
    t.equal(await selectOne(answer.ownerUrl), 1)
    child.kill(signal)
    t.equal(await pollUntil(endTimeoutMs, () => (commandLine(server).length === 0 ? 'gone' : null)), 'gone', signal)
    t.equal(await pollUntil(endTimeoutMs, () => (existsSync(answer.socketFolder) ? null : 'removed')), 'removed')
  }
})

t.test('a start right after kill -9 waits for the server that is still ending', async (t) => {
  const folder = temporaryFolder(t)
  const first = await startOwner(t, folder)
  const session = new pg.Client({ connectionString: first.answer.ownerUrl })
  session.on('error', () => undefined)
  await session.connect()
  await session.query('create table kept as select 42 as answer')
  first.child.kill('SIGKILL')
  await new Promise((resolve) => first.child.once('exit', resolve))
  const database = await openLocalDatabase({ folder })
  t.teardown(() => database.close())
  t.equal(await selectOne(database.ownerUrl, 'select answer from kept'), 42)
})

t.test('an orphan server, its owner and keeper both killed, is ended by the next start', async (t) => {
  const folder = temporaryFolder(t)
  const { child, answer } = await startOwner(t, folder)
  const orphan = serverPid(answer.data)
  process.kill(parentOf(orphan), 'SIGKILL')
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  t.teardown(() => rmSync(answer.socketFolder, { recursive: true, force: true }))
  const database = await openLocalDatabase({ folder })
  t.teardown(() => database.close())
  t.not(serverPid(answer.data), orphan)
  t.equal(await selectOne(database.ownerUrl), 1)
})

t.test('a server that died hard is recovered', async (t) => {
  const folder = temporaryFolder(t)
  const { child, answer } = await startOwner(t, folder)
  process.kill(serverPid(answer.data), 'SIGKILL')
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  const database = await openLocalDatabase({ folder })
  t.teardown(() => database.close())
  t.equal(await selectOne(database.ownerUrl), 1)
})

t.test('a second owner is refused with pid and folder; a second user attaches', async (t) => {
  const folder = temporaryFolder(t)
  const { child } = await startOwner(t, folder)
  await t.rejects(openLocalDatabase({ folder }), {
    code: 'database_in_use',
    message: `the local database in ${folder} is in use by process ${child.pid}`,
  })
  const attached = await attachLocalDatabase({ folder })
  t.equal(await selectOne(attached.ownerUrl), 1)
  await attached.close()
  t.equal(await selectOne(attached.ownerUrl), 1, 'closing an attachment leaves the server running')
})

t.test('attaching where nobody owns the database starts it and stops it', async (t) => {
  const folder = temporaryFolder(t)
  const attached = await attachLocalDatabase({ folder })
  const server = serverPid(attached.data)
  t.equal(await selectOne(attached.ownerUrl), 1)
  await attached.close()
  t.same(commandLine(server), [])
})

t.test('of two owners that start at once, exactly one gets the folder', async (t) => {
  const folder = temporaryFolder(t)
  const outcomes = await Promise.allSettled([startOwner(t, folder), startOwner(t, folder)])
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  t.equal(refused.length, 1)
  t.match(refused[0], { reason: { message: /database_in_use/ } })
})

t.test('stale traces are recognised: lock of a dead process, reused numbers, a half-made cluster', async (t) => {
  const folder = temporaryFolder(t)
  const home = join(folder, '.shuangwu')
  mkdirSync(join(home, 'data.draft-1', 'base'), { recursive: true })
  writeFileSync(
    join(home, 'cluster.json'),
    JSON.stringify({ id: 'aa', data: join(home, 'data'), major: 17, timescale: false }),
  )
  const first = await openLocalDatabase({ folder })
  await first.close()
  t.notOk(existsSync(join(home, 'data.draft-1')))
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  for (const lock of [
    { pid: process.pid, startTicks: '1', bootId: boot, socketFolder: '/x' },
    { pid: 4_000_000, startTicks: '1', bootId: boot, socketFolder: '/x' },
    { pid: process.pid, startTicks: '1', bootId: 'another boot', socketFolder: null },
    'cut sho',
  ]) {
    writeFileSync(join(home, 'owner.lock'), JSON.stringify(lock).slice(0, -1) + (typeof lock === 'string' ? '' : '}'))
    writeFileSync(join(first.data, 'postmaster.pid'), `${process.pid}\n${first.data}\n`)
    const again = await openLocalDatabase({ folder })
    t.equal(await selectOne(again.ownerUrl), 1)
    await again.close()
  }
})

t.test('initdb that is killed in the middle is done again', async (t) => {
  const folder = temporaryFolder(t)
  const child = spawnOwner(folder)
  const home = join(folder, '.shuangwu')
  const draft = join(home, `data.draft-${child.pid}`, 'base')
  t.equal(await pollUntil(endTimeoutMs, () => (existsSync(draft) ? 'begun' : null)), 'begun')
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  t.notOk(existsSync(join(home, 'data')))
  const database = await openLocalDatabase({ folder })
  t.teardown(() => database.close())
  t.equal(await selectOne(database.ownerUrl), 1)
})

t.test('secrets and sockets are closed to others, no port is open, sessions count in UTC', async (t) => {
  const folder = temporaryFolder(t)
  const database = await openLocalDatabase({ folder })
  t.teardown(() => database.close())
  t.equal(statSync(join(folder, '.shuangwu', 'passwords.json')).mode & 0o777, 0o600)
  t.equal(statSync(database.socketFolder).mode & 0o777, 0o700)
  t.match(database.socketFolder, /\/sw-[0-9a-f]{8}$/)
  for (const [setting, expected] of [
    ['listen_addresses', ''],
    ['timezone', 'UTC'],
    ['max_wal_size', '8GB'],
    ['password_encryption', 'scram-sha-256'],
  ])
    t.equal(await selectOne(database.ownerUrl, `select current_setting('${setting}')`), expected)
  const stranger = new URL(database.ownerUrl)
  stranger.password = 'guess'
  await t.rejects(selectOne(stranger.href), { code: '28P01' })
})

t.test('works as an ordinary user, and as root in a folder that only root can enter', async (t) => {
  const root = process.getuid?.() === 0
  // initdb wants a user that the system knows; `daemon` is one on every Debian.
  const daemon = { uid: 1, gid: 1 }
  const folder = temporaryFolder(t)
  if (root) chownSync(folder, daemon.uid, daemon.gid)
  const script = root ? join(readableCheckout(t, daemon), ownerScript) : join(packageRoot, ownerScript)
  const { child, answer } = await startOwner(t, folder, root ? daemon : {}, script)
  t.equal(await selectOne(answer.ownerUrl), 1)
  t.equal(statSync(answer.data).uid, root ? daemon.uid : process.getuid?.())
  child.stdin.end()
  await new Promise((resolve) => child.once('exit', resolve))
  const closed = temporaryFolder(t)
  chmodSync(closed, 0o700)
  const database = await openLocalDatabase({ folder: closed })
  t.teardown(async () => {
    await database.close()
    rmSync(dirname(database.data), { recursive: true })
  })
  t.equal(await selectOne(database.ownerUrl), 1)
  t.match(database.data, root ? /^\/var\/lib\/shuangwu\/[0-9a-f]{8}\/data$/ : /\/\.shuangwu\/data$/)
})

t.test('a folder that cannot hold the database is named', async (t) => {
  await t.rejects(openLocalDatabase({ folder: '/nowhere/at/all' }), {
    code: 'local_database_failed',
    message: /\/nowhere\/at\/all: 无此文件夹.*SHUANGWU_FOLDER/,
  })
})

function temporaryFolder(t: Folders): string {
  const folder = makeFolder()
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** This checkout, or a copy of what runs where the user cannot get there: root's home is closed to others. */
function readableCheckout(t: Folders, user: { readonly uid: number; readonly gid: number }): string {
  if (canTraverse(packageRoot, user)) return packageRoot
  const copy = temporaryFolder(t)
  for (const part of ['package.json', 'build', 'node_modules'])
    cpSync(join(packageRoot, part), join(copy, part), { recursive: true, verbatimSymlinks: true })
  return copy
}

function spawnOwner(
  folder: string,
  user: { readonly uid?: number; readonly gid?: number } = {},
  script = join(packageRoot, ownerScript),
): OwnerProcess {
  return spawn(process.execPath, [script, folder, wantedBinaries()], {
    ...user,
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

/** Rejects with the code of the UserError when the owner is refused. */
async function startOwner(
  t: Folders,
  folder: string,
  user: { readonly uid?: number; readonly gid?: number } = {},
  script?: string,
) {
  const child = spawnOwner(folder, user, script)
  t.teardown(() => void child.kill('SIGKILL'))
  const line = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve))
  const answer = JSON.parse(line) as Started | { readonly code: string }
  if ('code' in answer) throw new Error(answer.code)
  return { child, answer }
}

function serverPid(data: string): number {
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
}

function parentOf(pid: number): number {
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
}

async function selectOne(url: string, sql = 'select 1'): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}
