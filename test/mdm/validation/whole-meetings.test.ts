import t from 'tap'
import { dayMs, minuteMs } from '../../../domain/time.js'
import { wholeMeetings } from '../../../mdm/validation/whole-meetings.js'

t.test('a group is decided from the begin of a meeting on whose middle something new comes to', (t) => {
  const live = (meterId: bigint, minutes: number, quantity = 1) => ({
    meterId,
    quantity,
    readAt: dayMs + minutes * minuteMs,
    dueAt: dayMs,
  })
  const from = (minutes: number) => dayMs + minutes * minuteMs
  const cases: readonly [string, number, Parameters<typeof wholeMeetings>[1], number][] = [
    ['a live read is new', from(4), [live(1n, 4)], from(0)],
    ['something between midnight and the live read is', from(2), [live(1n, 4)], from(0)],
    ['what is new comes after the live read', from(5), [live(1n, 4)], from(5)],
    ['the live read stands for no midnight', from(40), [live(1n, 40)], from(40)],
    ['a freeze is', from(4), [{ ...live(1n, 4), dueAt: null }], from(4)],
    ['a live read of a later midnight is', from(-60), [live(1n, 4)], from(-60)],
    ['a live read of another area is', from(4), [live(9n, 4)], from(4)],
    ['a live read of another quantity is', from(4), [live(1n, 4, 2)], from(4)],
  ]
  for (const [title, firstAt, claims, expected] of cases) {
    const [group] = wholeMeetings([{ areaId: 1n, meterIds: [1n, 2n], firstAt: new Map([[1, firstAt]]) }], claims)
    t.same([...(group?.firstAt ?? [])], [[1, expected]], title)
  }
  t.end()
})
