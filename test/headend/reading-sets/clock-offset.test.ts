import t from 'tap'
import { usualClockLimits } from '../../../domain/clock-limits.js'
import { dayMs, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import { classifyClock, clockDrift, clockOffset } from '../../../headend/reading-sets/clock-offset.js'

t.test('the offset is that of the middle, and its uncertainty covers the second and the turnaround', async (t) => {
  // 20 bytes there take 91 ms, 23 back 105 ms at 2400: the meter looked between 91 and 405 ms.
  const asked = { askedAt: 0, answeredAt: 510, requestBytes: 20, replyBytes: 23, baud: 2400 }
  t.same(clockOffset(10 * secondMs, asked), { at: 248, offsetMs: 10_252, uncertaintyMs: 657 })
  t.same(clockOffset(0, { ...asked, baud: null }), { at: 255, offsetMs: 245, uncertaintyMs: 755 })
})

t.test('the truth always lies within the uncertainty', async (t) => {
  for (let offsetMs = -3000; offsetMs <= 3000; offsetMs += 37) {
    for (let lookedAt = 91; lookedAt <= 400; lookedAt += 50) {
      const shown = Math.floor((lookedAt + offsetMs) / secondMs) * secondMs
      const told = clockOffset(shown, { askedAt: 0, answeredAt: 510, requestBytes: 20, replyBytes: 23, baud: 2400 })
      t.ok(Math.abs(told.offsetMs - offsetMs) <= told.uncertaintyMs, `${offsetMs} at ${lookedAt}`)
    }
  }
})

const drifts = [
  ['half a day apart, three seconds gained', dayMs / 2, 3000, 6000],
  ['a day apart, three seconds lost', dayMs, -3000, -3000],
  ['a day apart, less than both are unsure of', dayMs, 900, 0],
  ['an hour apart', hourMs, 3000, null],
] as const

t.test('drift is told from two checks that are far enough apart', async (t) => {
  for (const [title, spanMs, gainMs, drift] of drifts) {
    const earlier = { at: 0, offsetMs: 100, uncertaintyMs: 600 }
    const later = { at: spanMs, offsetMs: 100 + gainMs, uncertaintyMs: 600 }
    t.equal(clockDrift(earlier, later, usualClockLimits), drift, title)
  }
})

const classes = [
  [0, 600, null, 'ok'],
  [10_500, 600, null, 'ok'],
  [10_700, 600, null, 'drifting'],
  [-2 * minuteMs, 600, null, 'drifting'],
  [0, 600, 1500, 'drifting'],
  [0, 600, -1500, 'drifting'],
  [6 * minuteMs, 600, null, 'out_of_limit'],
  [-6 * minuteMs, 600, 9000, 'out_of_limit'],
  [26 * 365 * dayMs, 600, null, 'absurd'],
  [-2 * dayMs, 600, null, 'absurd'],
] as const

t.test('a clock is classed by what is certain of it', async (t) => {
  for (const [offsetMs, uncertaintyMs, drift, worth] of classes)
    t.equal(classifyClock({ offsetMs, uncertaintyMs }, drift, usualClockLimits), worth, `${offsetMs} ${drift}`)
})
