import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openDoorbell } from '../../../storage/work/doorbell.js'
import { scheduleWork } from '../../../storage/work/work-items.js'
import { withDatabase } from '../../support/database.js'

const workerScript = join(dirname(fileURLToPath(import.meta.url)), 'worker.js')

t.test('a worker killed in mid-job: another finishes it, and its effect happens once', async (t) => {
  const database = await withDatabase(t)
  const owner = database.as('owner')
  await owner.execute('create table effect (natural_key text not null, worker text not null)')
  await owner.execute('grant insert on effect to shuangwu_mdm')
  const keys = ['a', 'b', 'c'].map((naturalKey) => ({ kind: 'count', naturalKey }))
  await scheduleWork(
    database.as('mdm'),
    keys.map((key) => ({ ...key, dueAt: 0, payload: {} })),
    0,
  )
  const doorbell = await openDoorbell({
    url: database.url('mdm'),
    role: 'mdm',
    onError: (error) => t.fail(error.message),
  })
  t.teardown(() => doorbell.close())
  await doorbell.ring(keys)
  await doorbell.ring(keys)

  const first = startWorker(t, database.url('mdm'), 'first', 'hang')
  t.ok(await first.nextLine((line) => line === 'a' || line === 'b' || line === 'c'), 'the first worker is in mid-job')
  first.child.kill('SIGKILL')

  const second = startWorker(t, database.url('mdm'), 'second', 'work')
  const done = new Set<string>()
  await second.nextLine((line) => line !== 'serving' && done.add(line).size === keys.length)
  second.child.stdin.end()
  await new Promise((resolve) => second.child.once('exit', resolve))

  t.strictSame(
    await owner.query('select natural_key, worker from effect order by natural_key'),
    keys.map((key) => ({ natural_key: key.naturalKey, worker: 'second' })),
  )
  t.strictSame(await owner.query(`select state, count(*), max(attempt) as attempts from work_item group by state`), [
    { state: 'done', count: 3n, attempts: 2 },
  ])
})

interface Teardown {
  readonly teardown: (act: () => void) => void
}

function startWorker(t: Teardown, url: string, name: string, mode: 'hang' | 'work') {
  const child = spawn(process.execPath, [workerScript, url, name, mode], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)
  /** Resolves once a line fits; false when the worker ends before. */
  const nextLine = (fits: (line: string) => boolean) =>
    new Promise<boolean>((resolve) => {
      lines.on('line', (line) => fits(line) && resolve(true))
      child.once('exit', () => resolve(false))
    })
  return { child, nextLine }
}
