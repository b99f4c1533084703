import t from 'tap'
import { minuteMs } from '../../../domain/time.js'
import { foretoldFields } from '../../../headend/schedule/foretold-fields.js'
import { forecastWindow } from '../../../headend/schedule/window-forecast.js'

await t.test('airtime and waits between passes lead from the opening to the predicted end', async (t) => {
  const job = { key: 'a', attemptMs: 1000, successShare: 0.4, expectedMs: 2500 }
  const window = { passStarts: [0, 300 * minuteMs], end: 400 * minuteMs }
  const said = foretoldFields(forecastWindow([job], window), 0)
  t.match(said, { jobs: 1, predictedMs: 1600, betweenPassesMs: 300 * minuteMs - 1000 })
  t.equal(Date.parse(said.predictedEnd), said.predictedMs + said.betweenPassesMs)
})
