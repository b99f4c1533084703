import t from 'tap'
import { type TraceFailure, traceText } from '../../../console/frames/frame-trace.js'
import { beijing, dayMs, minuteMs } from '../../../domain/time.js'

const midnight = beijing.startOfDay('2026-07-01')

function attempt(minute: number, back: number, cause: string): TraceFailure {
  const iso = (instant: number) => new Date(instant).toISOString()
  return {
    kind: 'attempt',
    at: iso(midnight + minute * minuteMs),
    readAt: iso(midnight - back * dayMs),
    attempt: 1,
    cause,
  }
}

await t.test('attempts that failed alike are one line, with the word that crews know', async (t) => {
  const dead = Array.from({ length: 60 }, (_, back) => attempt(6, back, 'line_down'))
  const lines = traceText([...dead, attempt(30, 0, 'no_reply'), attempt(31, 0, 'line_down')], beijing).split('\n')
  t.same(lines, [
    '2026-07-01 00:06:00 未抄回 60 次 attempts · 至 until 2026-07-01 00:06:00 · 示数时刻 registers of 2026-05-03 00:00 … 2026-07-01 00:00（60） · 线路不通 line_down',
    '2026-07-01 00:30:00 未抄回 attempt 1 · 示数时刻 registers of 2026-07-01 00:00 · 电表无应答 no_reply',
    '2026-07-01 00:31:00 未抄回 attempt 1 · 示数时刻 registers of 2026-07-01 00:00 · 线路不通 line_down',
  ])
})
