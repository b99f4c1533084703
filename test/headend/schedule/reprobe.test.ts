import t from 'tap'
import { minuteMs } from '../../../domain/time.js'
import { nextProbeAfter, nextProbeAt, usualReprobe } from '../../../headend/schedule/reprobe.js'

const cases: readonly (readonly [silences: number, silentWindows: number, minutes: number | null])[] = [
  [1, 0, 2],
  [2, 0, 4],
  [3, 0, 8],
  [4, 0, 8],
  [1000, 13, 8],
  [1, 14, null],
]

for (const [silences, silentWindows, minutes] of cases)
  t.test(`after ${silences} silences and ${silentWindows} silent windows: ${minutes ?? 'passes only'}`, async (t) => {
    t.equal(
      nextProbeAt(usualReprobe, { silences, silentWindows, now: 0 }),
      minutes === null ? null : minutes * minuteMs,
    )
  })

t.test('whoever comes back later finds the next look where it would have been', async (t) => {
  for (const [now, next] of [
    [0, 2],
    [2, 6],
    [5, 6],
    [6, 14],
    [60, 62],
  ] as const)
    t.equal(nextProbeAfter(usualReprobe, { silentAt: 0, now: now * minuteMs }), next * minuteMs, `after ${now} minutes`)
})
