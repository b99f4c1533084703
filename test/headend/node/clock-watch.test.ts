import t from 'tap'
import { createClockWatch } from '../../../headend/node/clock-watch.js'

const at = Date.parse('2026-07-15T02:00:00Z')

t.test('a clock that differs from the server’s is said once, and again when it agrees', async (t) => {
  const said: string[] = []
  const hear = createClockWatch((level, event, details) =>
    said.push(`${level} ${event} ${String(details?.['offsetMs'])}`),
  )
  const table: readonly (readonly [what: string, tookMs: number, behindMs: number, said: readonly string[]])[] = [
    ['it agrees', 10, 5, []],
    ['a second, less than the answer took', 400, 1100, []],
    ['certainly behind', 10, 21_000, ['warn clock_skewed -21000']],
    ['still behind', 10, 21_000, []],
    ['an answer too slow to tell', 60_000, 0, []],
    ['it agrees again', 10, 0, ['info clock_agrees 0']],
  ]
  for (const [what, tookMs, behindMs, expected] of table) {
    hear({ askedAt: at, answeredAt: at + tookMs, serverTime: at + tookMs / 2 + behindMs })
    t.same(said.splice(0), expected, what)
  }
})
