import t from 'tap'
import { minuteMs } from '../../../domain/time.js'
import { nextProbeAt, usualReprobe } from '../../../headend/schedule/reprobe.js'

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
