import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { outliveLocalDatabase } from '../../../storage/local-database/outlive.js'
import { openDatabase } from '../../../storage/database.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { makeFolder, wantedBinaries } from '../../support/cluster.js'
import { createStillClock } from '../../support/still-clock.js'

const ownerScript = join(checkoutRoot, 'build', 'test', 'storage', 'local-database', 'owner.js')

function temporaryFolder(t: { readonly teardown: (act: () => void) => void }): string {
  const folder = makeFolder()
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A short command that keeps the server of the folder. */
async function startOwner(folder: string) {
  const child = spawn(process.execPath, [ownerScript, folder, wantedBinaries()], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(createInterface({ input: child.stdout }), 'line')
  return child
}

async function endOwner(child: Awaited<ReturnType<typeof startOwner>>, how: 'itself' | 'SIGKILL'): Promise<void> {
  const gone = once(child, 'exit')
  if (how === 'itself') child.stdin.end()
  else child.kill(how)
  await gone
}

for (const how of ['itself', 'SIGKILL'] as const)
  t.test(`takes over the server of an owner that ends (${how}), under the same address`, async (t) => {
    const folder = temporaryFolder(t)
    const owner = await startOwner(folder)
    const failures: string[] = []
    let say = (): void => undefined
    const takenOver = new Promise<void>((resolve) => {
      say = resolve
    })
    const database = await outliveLocalDatabase(
      { folder },
      { takenOver: say, failed: ({ message }) => void failures.push(message) },
    )
    const pool = openDatabase({ url: database.ownerUrl, clock: createStillClock(0), connections: 1 })
    t.teardown(async () => {
      await pool.close()
      await database.close()
    })
    await pool.execute('create table kept as select 42 as answer')
    await endOwner(owner, how)
    await takenOver
    t.same(await pool.query('select answer from kept'), [{ answer: 42 }])
    t.same(failures, [])
  })

t.test('who opened the server itself has nothing to take over, and ends it', async (t) => {
  const folder = temporaryFolder(t)
  const told = { takenOver: () => t.fail('took over'), failed: () => t.fail('failed') }
  const first = await outliveLocalDatabase({ folder, binaries: wantedBinaries() }, told)
  await first.close()
  const second = await outliveLocalDatabase({ folder }, told)
  t.equal(second.socketFolder, first.socketFolder)
  await second.close()
})
