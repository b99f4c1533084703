import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../console/cli/run-cli.js'
import { layDueReads } from '../../storage/headend/due-reads.js'
import { createFakeIo } from '../console/cli/fake-io.js'
import { exchange } from '../mdm/support/changes.js'
import { arrangeQueue, clerk } from '../mdm/support/queue-scene.js'
import { midnight, registers, store } from '../mdm/support/small-utility.js'

const days = Array.from({ length: 32 }, (_, index) => index + 1)

t.test(
  'an exchange told of after the month shows at the cut-off at once, with every midnight of the new meter',
  async (t) => {
    const database = await arrangeQueue(t)
    const headend = database.as('headend')
    for (const day of days)
      await layDueReads(headend, { midnight: midnight(day), timeZone: 'Asia/Shanghai', recordedAt: midnight(day) + 1 })
    const daily = (meterId: bigint, start: number, from: number) =>
      days
        .filter((day) => day >= from)
        .map((day) => ({ meterId, readAt: midnight(day), registers: registers(start + day * 10_00) }))
    await store(database, [...daily(1n, 1000_00, 1), ...daily(2n, 2000_00, 1), ...daily(3n, 100_00, 1)])
    const cwd = t.testdir({})
    const run = async (...args: readonly string[]) => {
      const io = createFakeIo({ cwd, env: { DATABASE_URL: database.url('owner') } })
      const code = await runCli(args, io)
      return { code, out: io.outText(), err: io.errText() }
    }
    const cutOff = async () => {
      const { out } = await run('ops', 'cut-off', '2026-07', '--json')
      const { due, open } = JSON.parse(out) as { due: number; open: number }
      return { due, open }
    }
    t.same(await cutOff(), { due: 93, open: 0 })
    writeFileSync(join(cwd, 'exchange.json'), JSON.stringify(exchange()))
    const change = ['registry', 'change', 'exchange.json', '--actor', clerk] as const
    t.match(await run(...change), { code: 0 })
    // Sixteen midnights from the 17th of July to the 1st of August; the two noted displays of the exchange
    // are no points of a day.
    t.same(await cutOff(), { due: 109, open: 16 })
    t.match(await run(...change), { code: 0, out: /exists/ })
    t.same(await cutOff(), { due: 109, open: 16 }, 'twice is once')
    await layDueReads(headend, { midnight: midnight(32), timeZone: 'Asia/Shanghai', recordedAt: Date.now() })
    t.same(await cutOff(), { due: 109, open: 16 }, 'and the next night lays down nothing more')
    await store(database, daily(4n, 0, 17))
    t.same(await cutOff(), { due: 109, open: 0 })
  },
)
