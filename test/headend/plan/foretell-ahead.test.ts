import t from 'tap'
import { dayMs, hourMs, type Instant, minuteMs, secondMs } from '../../../domain/time.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'
import { dispatch } from '../../../headend/plan/dispatch.js'
import { foretellAhead, foretellLeadMs } from '../../../headend/plan/foretell-ahead.js'
import { insertForecast } from '../../../storage/headend/window-forecasts.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'
import { firstMidnight, plantRegistry } from '../../support/field-world.js'
import { createStillClock } from '../../support/still-clock.js'

const opensAt = firstMidnight + 5 * minuteMs
const bus = { host: 'h', port: 1, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 1000, requestGapMs: 50 }

await t.test('a window is foretold before it opens, once, with what cannot fit', async (t) => {
  const databases = await withDatabase(t)
  const database = databases.as('headend')
  await plantRegistry(databases.as('owner'), [
    { lineId: 1, code: 'short', kind: 'dlt645_tcp', settings: bus, meters: [1, 2] },
    {
      lineId: 2,
      code: 'long',
      kind: 'dlt645_tcp',
      settings: { ...bus, baud: 300 },
      meters: Array.from({ length: 60 }, (_, index) => index + 3),
    },
    { lineId: 3, code: 'gateway', kind: 'modbus_tcp', settings: { host: 'h', port: 1 }, meters: [70] },
    { lineId: 4, code: 'bare', kind: 'dlt645_tcp', settings: bus, meters: [] },
  ])
  await ensureTimePartitions(database, firstMidnight - dayMs, firstMidnight + 8 * dayMs)
  const window = { opensMinutes: 5, closesMinutes: 7, passesMinutes: [5] }
  const plan = {
    ...defaultPlan,
    schedules: defaultPlan.schedules.map((each) => (each.name === 'freezes-of-buses' ? { ...each, window } : each)),
  }
  const lookAt = async (now: Instant) =>
    (await foretellAhead({ database, clock: createStillClock(now) }, plan)).map(({ line, forecast }) => [
      line.code,
      forecast.jobs,
      forecast.unfit.length > 0,
    ])

  t.same(await lookAt(opensAt - foretellLeadMs - 1), [], 'not yet')
  t.same(await lookAt(opensAt - foretellLeadMs), [
    ['long', 60, true],
    ['short', 2, false],
  ])
  t.same(await lookAt(opensAt - hourMs / 2), [], 'said already')
  const rows = await database.query<{
    readonly window_start: Instant
    readonly recorded_at: Instant
    readonly unfit: number
  }>('select line_id, ordinal, window_start, recorded_at, unfit_jobs as unfit from window_forecast order by line_id')
  t.match(rows, [
    { line_id: 1n, ordinal: 0, unfit: 0 },
    { line_id: 2n, ordinal: 0 },
  ])
  t.ok(rows.every((row) => row.window_start === opensAt && row.recorded_at < row.window_start))
  const forecast = { lineId: 1n, windowStart: opensAt, jobs: 2, airtimeMs: 1, predictedEnd: opensAt, unfitJobs: 0 }
  const begun = { ...forecast, missingMs: 0, turnaroundUs: 1, lossPpm: 0, recordedAt: opensAt }
  t.equal(await insertForecast(database, begun), 1, 'what a node says as it begins is counted from 1')

  await t.test('what earlier nights left open is in it, and a window that has opened is nobody’s future', async (t) => {
    const next = firstMidnight + dayMs
    await dispatch({ database, clock: createStillClock(firstMidnight) }, { revision: null, plan })
    t.same(await lookAt(opensAt), [])
    t.same(await lookAt(next + secondMs), [
      ['long', 60, true],
      ['short', 2, false],
    ])
  })
})
