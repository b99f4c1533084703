import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { addDays, beijing, dayMs, hourMs, type Instant, minuteMs } from '../../../domain/time.js'
import { insertFire } from '../../../storage/headend/collection-fires.js'
import { layDueReads } from '../../../storage/headend/due-reads.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import { withDatabase } from '../../support/database.js'
import { plantRegistry } from '../../support/field-world.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
}

const firstDay = '2026-06-29'

/** Two areas of two meters each, the second without a crew; nothing laid down yet. */
async function open(t: Teardown) {
  const databases = await withDatabase(t)
  const owner = databases.as('owner')
  await plantRegistry(owner, [{ lineId: 1, code: 'bus', kind: 'dlt645_tcp', settings: {}, meters: [1, 2, 3, 4] }])
  const since = `'2026-06-01 00:00+08'`
  await owner.execute(`insert into transformer_area values (2, 1, 'area-b', 'area')`)
  await owner.execute('update usage_point set transformer_area_id = 2 where usage_point_id > 2')
  await owner.execute(`insert into crew values (1, 1, 'crew-a', 'a')`)
  await owner.execute(`insert into crew_area_timeline values (1, 1, ${since}, null, 1, ${since}, 'system', '')`)
  const midnight = beijing.startOfDay(firstDay)
  await ensureTimePartitions(owner, midnight - 14 * dayMs, midnight + 60 * dayMs)
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd: checkoutRoot, env: { DATABASE_URL: databases.url('owner') } })
    const code = await runCli(['ops', ...args], io)
    return { code, out: io.outText(), err: io.errText(), json: () => JSON.parse(io.outText()) as never }
  }
  /** A node takes up a day of use at its closing midnight. */
  const layDay = async (date: string): Promise<void> => {
    const closing = beijing.startOfDay(addDays(date, 1))
    const headend = databases.as('headend')
    await layDueReads(headend, { midnight: closing, timeZone: 'Asia/Shanghai', recordedAt: closing + minuteMs })
    const fire = { schedule: 'daily', timeZone: 'Asia/Shanghai', dueAt: closing, revision: null, windows: 1 }
    await insertFire(headend, { ...fire, recordedAt: closing + minuteMs })
  }
  const read = (meter: number, readAt: Instant, recordedAt: Instant, source = 1) =>
    owner.execute(
      `insert into reading (meter_id, quantity, read_at, total_e4, source, line_id, frame_received_at, recorded_at)
       values ($1, 1, $2, 1, $4, 1, $3, $3)`,
      [meter, toTimestamptz(readAt), toTimestamptz(recordedAt), source],
    )
  return { run, layDay, read, owner }
}

await t.test('a month is not ready while it runs, or while days of it were never laid down', async (t) => {
  const { run, layDay, read } = await open(t)
  for (const date of [firstDay, addDays(firstDay, 1), '2026-07-01']) await layDay(date)
  const closing = beijing.startOfDay('2026-07-02')
  for (const meter of [1, 2, 3, 4]) await read(meter, closing, closing + hourMs)
  const early = await run('cut-off', '2026-07', '--as-of', '2026-07-02 12:00')
  t.match(early, { code: 1, err: /1 of 31 days laid down; .*the month is not over/, out: /not over 30/ })
  t.notMatch(early.err, /never laid down/)

  const afterOutage = await run('cut-off', '2026-07', '--as-of', '2026-08-10 12:00', '--json')
  t.match(afterOutage, { code: 1, err: /1 of 31 days laid down; 30 天无应抄点 days were never laid down/ })
  t.match(afterOutage.json(), { due: 4, open: 0, laid: { days: 31, laid: 1, notOver: 0 } })
  t.match((await run('cut-off', '2026-07', '--as-of', '2026-08-10 12:00')).out, /2026-07-02 … 2026-07-31/)

  for (const [date, place] of Array.from({ length: 30 }, (_, day) => [addDays('2026-07-02', day), day] as const)) {
    await layDay(date)
    const midnight = closing + (place + 1) * dayMs
    for (const meter of [1, 2, 3, 4]) await read(meter, midnight, midnight + hourMs)
  }
  t.match(await run('cut-off', '2026-07', '--as-of', '2026-08-10 12:00'), { code: 0, out: /31 of 31 days laid down/ })

  const goLive = await run('cut-off', '2026-06', '--as-of', '2026-08-10 12:00')
  t.match(goLive, { code: 1, out: /2 of 30 days laid down.*before the first window 28/s, err: /8 个应抄点/ })
  t.match(await run('cut-off', '2026-05'), { code: 1, err: /not_found|无应抄 nothing was due/ })
})

await t.test('a night without a node is told apart from a night on which nothing was due', async (t) => {
  const { run, layDay } = await open(t)
  t.match(await run('day', '2026-07-01', '--as-of', '2026-07-03 00:00'), {
    code: 1,
    err: /无应抄 nothing was due before the first window/,
  })
  await layDay('2026-07-01')
  const missed = await run('day', '2026-07-03', '--as-of', '2026-07-05 08:00')
  t.match(missed, { code: 1, err: /not laid down: 2026-07-03 .*last took up windows 2026-07-02 00:01/ })
  t.match(await run('day', '2026-07-03', '--as-of', '2026-07-03 08:00'), { code: 1, err: /the day is not over/ })
  t.match(await run('open', '--as-of', '2026-07-05 08:00'), { code: 0, err: /not laid down: 2026-07-02 … 2026-07-04/ })
})

await t.test('what somebody misspelt is not answered with "all is well"', async (t) => {
  const { run, layDay } = await open(t)
  await layDay(firstDay)
  const at = ['--as-of', '2026-06-30 12:00'] as const
  t.match(await run('open', '--crew', 'crew-x', ...at), { code: 2, err: /crew crew-x: 无此班组 not found/ })
  const metersOf = async (crew: string) =>
    (
      (await run('open', '--crew', crew, ...at, '--json')).json() as { readonly points: readonly { meter: string }[] }
    ).points.map(({ meter }) => meter)
  t.same(await metersOf('crew-a'), ['meter-1', 'meter-2'])
  t.same(await metersOf('none'), ['meter-3', 'meter-4'], 'what no crew owns')
  t.match(await run('day', firstDay, '--template', 'no_such', ...at), { code: 2, err: /template no_such: .*not found/ })
  t.match(await run('day', firstDay, '--template', 'daily_freeze', ...at), { code: 0 })
})

await t.test('two instants are compared under a heading, point by point or by a level', async (t) => {
  const { run, layDay, read } = await open(t)
  await layDay(firstDay)
  const closing = beijing.startOfDay(addDays(firstDay, 1))
  await read(1, closing, closing + hourMs)
  await read(2, closing, closing + 30 * hourMs, 2)
  const compare = ['day', firstDay, '--as-of', '2026-06-30 12:00', '--compare', '2026-07-02 12:00'] as const
  const points = await run(...compare)
  t.match(points, { code: 0, out: /day of use 2026-06-29.*2026-06-30 12:00 → 2026-07-02 12:00 · 变化 moved 1/ })
  t.match(points.out, /meter-2.*未抄回 open.*补召 back-filled/)
  t.match((await run(...compare, '--by', 'crew')).out, /crew-a .*0 → 1 .*1 → 0/)
  t.match((await run(...compare, '--by', 'cause')).out, /合计 total .*3 → 2/)
  t.match((await run(...compare, '--by', 'crew', '--json')).json(), {
    by: 'crew',
    before: { total: { open: 3 } },
    after: { total: { open: 2, backFilled: 1 } },
    moved: [{ meterCode: 'meter-2', before: 'open', after: 'back_filled' }],
  })
  t.match((await run('day', firstDay, '--by', 'cause', ...compare.slice(2, 4))).out, /100\.00/)
})

await t.test('a window that is made up for at noon says why each point is open, not that nobody came', async (t) => {
  const { run, layDay, read, owner } = await open(t)
  const closing = beijing.startOfDay(addDays(firstDay, 1))
  await layDay(firstDay)
  await owner.execute('update due_read set recorded_at = $1', [toTimestamptz(closing + 12 * hourMs)])
  const failed = (meter: number, cause: string) =>
    owner.execute(
      'insert into failed_read (meter_id, read_at, attempt, cause, failed_at, recorded_at) values ($1, $2, 1, $3, $4, $4)',
      [meter, toTimestamptz(closing), cause, toTimestamptz(closing + 13 * hourMs)],
    )
  const causes = async () => {
    const page = (await run('open', '--as-of', '2026-06-30 14:00', '--json')).json() as {
      readonly points: readonly { readonly meter: string; readonly cause: string }[]
    }
    return page.points.map(({ meter, cause }) => `${meter} ${cause}`)
  }
  const nobodyCame = [1, 2, 3, 4].map((meter) => `meter-${meter} database_or_head_end_down`)
  t.same(await causes(), nobodyCame, 'before it has come to them')
  await read(1, closing, closing + 13 * hourMs)
  await failed(2, 'no_reply')
  t.same(await causes(), ['meter-2 meter_silent', ...nobodyCame.slice(2)], 'a neighbour answers')
  for (const meter of [3, 4]) await failed(meter, 'line_down')
  t.same(await causes(), ['meter-2 meter_silent', 'meter-3 line_down', 'meter-4 line_down'])
  t.match(
    (await run('day', firstDay, '--by', 'cause', '--as-of', '2026-06-30 14:00')).out,
    /head_end_down .* 1 .* 0 .* 25\.00/,
  )
})
