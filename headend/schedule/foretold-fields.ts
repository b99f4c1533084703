import type { Instant } from '../../domain/time.js'
import type { WindowForecast } from './window-forecast.js'

/** What a log says of a forecast. The airtime and the waits between passes, in milliseconds, lead from `from` to the predicted end. */
export function foretoldFields({ jobs, airtimeMs, endsAt }: WindowForecast, from: Instant) {
  const predictedMs = Math.ceil(airtimeMs)
  const end = Math.ceil(endsAt)
  return {
    jobs,
    predictedMs,
    betweenPassesMs: Math.max(0, end - from - predictedMs),
    predictedEnd: new Date(end).toISOString(),
  }
}
