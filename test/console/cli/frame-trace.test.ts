import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { beijing, dayMs, hourMs } from '../../../domain/time.js'
import { encodeMessage, readRequest } from '../../../protocols/dlt645/message.js'
import { encodeDataReply } from '../../../protocols/dlt645/messages-2007.js'
import { insertValues } from '../../../storage/headend/store-values.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { addressOf, plantRegistry } from '../../support/field-world.js'
import { createFakeIo } from './fake-io.js'

const date = '2026-07-01'
const receivedAt = beijing.startOfDay(date) + 9 * hourMs + 5_000

t.test('a meter’s day is told in order, decoded, with what failed', async (t) => {
  const database = await withDatabase(t)
  const owner = database.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'L1', kind: 'dlt645_tcp', settings: {}, meters: [1] }])
  await ensureTimePartitions(owner, receivedAt - 30 * dayMs, receivedAt + 30 * dayMs)
  const frame = {
    protocol: 'dlt645_2007',
    request: encodeMessage(readRequest('2007', addressOf(1), '04000503'), { wakeUpBytes: 4 }),
    response: encodeDataReply(addressOf(1), '04000503', Buffer.from('5000', 'hex')),
    receivedAt,
  } as const
  await database.as('headend').transaction((tx) =>
    insertValues(
      tx,
      [
        {
          kind: 'relay',
          meterId: 1n,
          readAt: receivedAt,
          statusWord: 0x50,
          relayOpen: true,
          commandOpen: true,
          dayTableSet: 1,
          zoneTable: 1,
          evidence: { frame, slice: null },
        },
      ],
      { lineId: 1n, recordedAt: receivedAt },
    ),
  )
  await owner.execute(
    `insert into failed_read (meter_id, read_at, attempt, cause, failed_at) values (1, $1, 1, 'no_reply', $2)`,
    [new Date(beijing.startOfDay(date)).toISOString(), new Date(receivedAt - hourMs).toISOString()],
  )
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd: '.', env: { DATABASE_URL: database.url('owner') } })
    const code = await runCli(['frame', 'trace', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }

  const told = await run('meter-1', '--date', date, '--json')
  t.equal(told.code, 0, told.err)
  t.match(JSON.parse(told.out), {
    meter: 'meter-1',
    date,
    entries: [
      { kind: 'attempt', cause: 'no_reply', attempt: 1 },
      {
        kind: 'frames',
        line: 'L1',
        sequence: '1',
        request: [{ direction: 'request', dataIdentifier: '04000503' }],
        reply: [{ direction: 'reply', values: [{ name: 'statusWord3', value: '0050' }] }],
      },
    ],
  })
  const shown = await run('meter-1', '--date', date)
  t.match(shown.out, /2026-07-01 08:00:05 未抄回 attempt 1[^]*2026-07-01 09:00:05 线路 line L1[^]*statusWord3 = 0050/)

  t.match(await run('meter-1', '--date', '2026-07-02'), { code: 0, out: /无报文 no frames/ })
  t.match(await run('nobody', '--date', date), { code: 1, err: /no meter of this code/ })
  t.match(await run('meter-1', '--date', '2026-02-30'), { code: 2 })
  t.match(await run('meter-1'), { code: 2 })
})
