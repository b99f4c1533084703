import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { beijing, dayMs, hourMs } from '../../../domain/time.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { addressOf, plantRegistry } from '../../support/field-world.js'
import { plantApprovers } from '../../support/people.js'
import { createFakeIo } from './fake-io.js'

const midnight = beijing.startOfDay('2026-07-04')
const at = (instant: number) => `'${toTimestamptz(instant)}'::timestamptz`

await t.test('one screen says where a meter hangs, what is open of it and why, and what was heard of it', async (t) => {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'line-1', kind: 'dlt645_tcp', settings: {}, meters: [1, 2] }])
  await plantApprovers(owner, ['li', 'wang'])
  await ensureTimePartitions(owner, midnight - 70 * dayMs, midnight + 7 * dayMs)
  const longLine = `from generate_series(0, 2) day, generate_series(1, 2) meter`
  const day = `${at(midnight)} - day * interval '1 day'`
  await owner.execute(
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at) select meter, ${day}, meter, 1, ${day} ${longLine}`,
  )
  // Meter 1 was read on the oldest night at once, on the next at the second try, and is silent since; its neighbour was always read.
  await owner.execute(
    `insert into reading (meter_id, quantity, read_at, total_e4, source, recorded_at)
     select meter, 1, ${day}, 12345678, 1, ${day} + interval '10 minutes' ${longLine} where meter = 2 or day > 0`,
  )
  await owner.execute(
    `insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at)
     select 1, ${day}, 1, 'no_reply', ${day} + interval '2 minutes', ${day} + interval '2 minutes' from generate_series(0, 1) day`,
  )
  await owner.execute(
    `insert into clock_check (meter_id, checked_at, meter_time, offset_ms, uncertainty_ms, class, frame_received_at, recorded_at)
     values (1, $1, $1, 73500, 500, 'out_of_limit', $1, $1)`,
    [toTimestamptz(midnight - hourMs)],
  )
  await owner.execute(
    `insert into end_device_event (meter_id, kind, occurred_at, ordinal, claim_digest, detail, frame_received_at, recorded_at)
     values (1, 'cover_opened', $1, 1, '\\x00', '{}', $1, $1)`,
    [toTimestamptz(midnight - 5 * hourMs)],
  )
  await owner.execute(
    `insert into meter_statistics (meter_id, line_id, window_start, window_key, attempts, replies, timeouts, damaged, refused, round_trips, last_contact_at, recorded_at)
     values (1, 1, $1, 'k', 9, 7, 2, 0, 0, '{0,0,7,0,0,0,0,0,0,0}', $1, $1)`,
    [toTimestamptz(midnight - dayMs + hourMs)],
  )
  await owner.execute(
    `insert into meter_order values (gen_random_uuid(), 1, $1, 'set_clock', '{}', null, 'clock off', 'li', now(), now() + interval '1 hour', sha256(''), now())`,
    [addressOf(1)],
  )
  await owner.execute(
    `insert into due_exemption values ('e', 1, '2026-06-01', '2026-06-02', 'flooded', 'sheet', 'li', now())`,
  )
  const frame = Buffer.from('6801000000000068 9103 33343343'.replaceAll(' ', ''), 'hex')
  await owner.execute(
    `insert into frame (line_id, line_sequence, received_at, meter_id, protocol, request, response) values (1, 1, $1, 1, 'dlt645', null, $2)`,
    [toTimestamptz(midnight - dayMs + hourMs), frame],
  )
  const env = { DATABASE_URL: databases.url('owner'), SHUANGWU_READER_DATABASE_URL: databases.url('reader') }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd: t.testdir({}), env })
    const code = await runCli(['ops', 'meter', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const shown = await run('meter-1', '--json')
  t.equal(shown.code, 0, shown.err)
  t.match(JSON.parse(shown.out), {
    meter: 'meter-1',
    lineCode: 'line-1',
    areaCode: 'area',
    communicationAddress: addressOf(1),
    lastReading: { readAt: new Date(midnight - dayMs).toISOString(), kwh: '1234.5678', source: 'scheduled' },
    duePoints: [
      {
        readAt: new Date(midnight).toISOString(),
        outcome: 'open',
        cause: 'meter_silent',
        step: /./,
        deadline: /^2026-/,
      },
      { readAt: new Date(midnight - dayMs).toISOString(), outcome: 'retried', step: null },
      { readAt: new Date(midnight - 2 * dayMs).toISOString(), outcome: 'first_pass', cause: null },
    ],
    communication: {
      meter: { attempts: 9, replies: 7, timeouts: 2, p95Ms: 200 },
      line: { code: 'line-1', attempts: 9 },
    },
    clock: { offsetMs: 73_500, class: 'out_of_limit' },
    relay: null,
    events: [{ kind: 'cover_opened' }],
    waitingOrders: [{ kind: 'set_clock', author: 'li', approvals: 0, approvalsNeeded: 1 }],
    exemptions: [{ reason: 'flooded', approver: null }],
    frames: [{ kind: 'attempt' }, { kind: 'frames', line: 'line-1' }, { kind: 'attempt' }],
  })
  const text = await run('meter-1', '--days', '2')
  t.equal(text.code, 0, text.err)
  for (const word of [
    'line-1',
    '未抄回 open',
    'meter_silent',
    '1234.5678 kWh',
    '73.5 s',
    'cover_opened',
    'set_clock',
    'flooded',
  ])
    t.ok(text.out.includes(word), word)
  t.match((await run('meter-2')).out, /待执行指令 waiting orders: 无 none/)
  t.match(await run('meter-9'), { code: 1, err: /no meter of this code/ })
  t.match(await run('meter-1', '--days', '0'), { code: 2, err: /whole number from 1 to 62/ })
})
