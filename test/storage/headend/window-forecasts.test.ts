import t from 'tap'
import { beijing, dayMs, minuteMs } from '../../../domain/time.js'
import {
  type CompletionFact,
  type ForecastFact,
  insertCompletion,
  insertForecast,
  lastMeasured,
} from '../../../storage/headend/window-forecasts.js'
import { ensureTimePartitions } from '../../../storage/time-series.js'
import { withDatabase } from '../../support/database.js'

const windowStart = beijing.startOfDay('2026-07-02') + 5 * minuteMs
const forecast: ForecastFact = {
  lineId: 1n,
  windowStart,
  jobs: 200,
  airtimeMs: 118_000,
  predictedEnd: windowStart + 118_000,
  unfitJobs: 3,
  missingMs: 1780,
  turnaroundUs: 55_000,
  lossPpm: 10_000,
  recordedAt: windowStart,
}
const completion: CompletionFact = {
  lineId: 1n,
  windowStart,
  ordinal: 1,
  jobs: 200,
  done: 197,
  airtimeMs: 119_000,
  achievedEnd: windowStart + 119_000,
  turnaroundUs: 48_211,
  lossPpm: 2500,
  recordedAt: windowStart + 119_000,
}

t.test('a window has a forecast for each time it is begun, and what it took beside it', async (t) => {
  const databases = await withDatabase(t)
  const headend = databases.as('headend')
  await ensureTimePartitions(headend, windowStart - 8 * dayMs, windowStart + 8 * dayMs)
  const since = windowStart - 30 * dayMs
  t.equal(await lastMeasured(headend, { lineId: 1n, since }), null, 'nothing is measured before the first window')
  t.equal(await insertForecast(headend, forecast), 1)
  t.equal(await insertForecast(headend, forecast), 2)
  await insertCompletion(headend, completion)
  await insertCompletion(headend, { ...completion, done: 0 })
  t.same(await lastMeasured(headend, { lineId: 1n, since }), { turnaroundUs: 48_211, lossPpm: 2500 })
  const silent = { ...completion, windowStart: windowStart + dayMs, done: 0, turnaroundUs: null, lossPpm: null }
  await insertForecast(headend, { ...forecast, windowStart: silent.windowStart })
  await insertCompletion(headend, silent)
  t.same(
    await lastMeasured(headend, { lineId: 1n, since }),
    { turnaroundUs: 48_211, lossPpm: 2500 },
    'a night on which nobody answered measures nothing',
  )
  const rows = await databases.as('reader').query(
    `select f.ordinal, f.predicted_end, f.unfit_jobs, c.done, c.achieved_end
       from window_forecast f left join window_completion c using (line_id, window_start, ordinal)
      where f.window_start < '2026-07-02' order by f.ordinal`,
  )
  t.match(rows, [
    {
      ordinal: 1,
      predicted_end: forecast.predictedEnd,
      unfit_jobs: 3,
      done: 197,
      achieved_end: completion.achievedEnd,
    },
    { ordinal: 2, done: null },
  ])
})
