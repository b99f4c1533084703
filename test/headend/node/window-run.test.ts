import t from 'tap'
import { beijing, dayMs, minuteMs } from '../../../domain/time.js'
import { spanNow } from '../../../headend/node/window-run.js'
import { defaultPlan } from '../../../headend/plan/default-plan.js'

const midnight = beijing.startOfDay('2026-03-10')
const [freezes, live, uploads] = defaultPlan.schedules
const minute = (number: number) => midnight + number * minuteMs
const line = { timeZone: 'Asia/Shanghai' }

function spanAt(schedule: typeof freezes, now: number, attempt = 1) {
  return schedule === undefined ? undefined : spanNow(schedule, line, { dueAt: midnight, now, attempt })
}

t.test('within its time a window is collected as planned', async (t) => {
  const planned = { start: minute(5), end: minute(360), passStarts: [5, 15, 45, 330].map(minute) }
  for (const [now, attempt] of [
    [5, 1],
    [200, 7],
    [359, 1],
  ] as const)
    t.same(spanAt(freezes, minute(now), attempt), planned)
})

t.test('a window that nobody was there for begins when somebody is, with the passes it has left', async (t) => {
  const late = minute(8 * 60)
  t.same(spanAt(freezes, late), {
    start: late,
    end: late + 355 * minuteMs,
    passStarts: [0, 10, 40, 325].map((minutes) => late + minutes * minuteMs),
  })
  t.match(spanAt(freezes, late, 3), { passStarts: [late, late + 285 * minuteMs] })
  t.match(spanAt(freezes, late, 9), { passStarts: [] }, 'one last pass')
})

t.test('it never reaches into the next window of its schedule, and is over when that one opens', async (t) => {
  t.match(spanAt(freezes, minute(23 * 60)), { end: midnight + dayMs + 5 * minuteMs })
  t.equal(spanAt(freezes, midnight + dayMs + 5 * minuteMs), null)
})

t.test('nothing makes up for a missed live window; the last look at uploads comes on the end itself', async (t) => {
  t.equal(spanAt(live, minute(15)), null)
  t.match(spanAt(live, minute(14)), { end: minute(15) })
  t.match(spanAt(uploads, minute(360), 5), { passStarts: [minute(360)] })
})
