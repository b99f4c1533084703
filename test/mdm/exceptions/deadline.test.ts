import t from 'tap'
import type { ExceptionPolicy } from '../../../domain/exception-policy.js'
import { defaultReadLadder } from '../../../domain/read-ladder.js'
import { beijing, dayMs, hourMs } from '../../../domain/time.js'
import { deadlineOf } from '../../../mdm/exceptions/deadline.js'

const kinds = {
  held_reading: { deadlineHours: 48, changePermille: 1 },
  other: { deadlineHours: 72, changePermille: 1 },
}
const policy = { kinds } as unknown as ExceptionPolicy
const readAt = beijing.startOfDay('2026-07-31')
const cutOff = beijing.startOfDay('2026-08-01') + 5 * dayMs

const table = [
  ['as its kind says', 'held_reading', readAt, readAt + hourMs, readAt + 49 * hourMs],
  ['of a kind nobody named', 'area_loss', readAt, readAt + hourMs, readAt + 73 * hourMs],
  ['not after the month is cut off', 'held_reading', readAt, cutOff - hourMs, cutOff],
  ['as its kind says once that is over', 'held_reading', readAt, cutOff, cutOff + 48 * hourMs],
  ['about no reading', 'held_reading', null, cutOff - hourMs, cutOff + 47 * hourMs],
] as const

for (const [why, kind, at, now, expected] of table)
  t.test(why, async (t) => {
    const subject = { kind, readAt: at, timeZone: 'Asia/Shanghai' }
    t.equal(deadlineOf(subject, now, policy, defaultReadLadder), expected)
  })
