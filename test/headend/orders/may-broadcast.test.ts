import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing, hourMs, type Instant, minuteMs, secondMs } from '../../../domain/time.js'
import { type BroadcastFacts, type CheckedClock, mayBroadcast } from '../../../headend/orders/may-broadcast.js'
import { parseStandingOrder, type StandingOrder, standingOrderDigest } from '../../../headend/orders/standing-order.js'

const midnight = beijing.startOfDay('2026-07-15')
const calm = midnight + 3 * hourMs + 15 * minuteMs

function standing(more: object = {}): StandingOrder {
  const document = { code: 'time', version: 1, kind: 'broadcast_time', validFrom: '2026-07-01', validTo: '2027-07-01' }
  const parsed = parseStandingOrder({ ...document, ...more })
  return present(parsed.ok ? parsed.value : null, 'a standing order')
}

function clock(offsetS: number, more: Partial<CheckedClock> = {}): CheckedClock {
  return { meterId: 1n, offsetMs: offsetS * secondMs, uncertaintyMs: secondMs, checkedAt: midnight, ...more }
}

interface Case {
  readonly what: string
  readonly at?: Instant
  readonly order?: StandingOrder
  readonly clocks?: readonly CheckedClock[]
  readonly last?: string | null
  readonly approvers?: readonly string[]
  readonly result: string
}

const wholeDay = { hours: { from: '00:00', to: '23:59' } }
const cases: readonly Case[] = [
  { what: 'a quiet hour, a small drift', result: 'ok' },
  { what: 'one approval', approvers: ['first'], result: 'standing_order_not_approved' },
  { what: 'the author and one other', approvers: ['author', 'first'], result: 'standing_order_not_approved' },
  { what: 'one person twice', approvers: ['first', 'first'], result: 'standing_order_not_approved' },
  { what: 'ended by a later version', order: standing({ enabled: false }), result: 'standing_order_disabled' },
  {
    what: 'the day before it is valid',
    order: standing({ validFrom: '2026-07-16' }),
    result: 'standing_order_not_valid',
  },
  { what: 'the day on which it ends', order: standing({ validTo: '2026-07-15' }), result: 'standing_order_not_valid' },
  { what: 'a line that it does not name', order: standing({ lines: ['line-2'] }), result: 'line_not_covered' },
  { what: 'a line that it names', order: standing({ lines: ['line-2', 'line-1'] }), result: 'ok' },
  { what: 'yesterday’s broadcast', last: '2026-07-14', result: 'ok' },
  { what: 'today’s broadcast', last: '2026-07-15', result: 'broadcast_done_today' },
  { what: 'a minute before the hours', at: midnight + 2 * hourMs - minuteMs, result: 'outside_hours' },
  { what: 'the end of the hours', at: midnight + 5 * hourMs, result: 'outside_hours' },
  { what: 'daytime', at: midnight + 12 * hourMs + 15 * minuteMs, result: 'outside_hours' },
  {
    what: 'half an hour less a second after midnight',
    order: standing(wholeDay),
    at: midnight + 30 * minuteMs - secondMs,
    result: 'near_midnight',
  },
  {
    what: 'the last half hour of the day',
    order: standing(wholeDay),
    at: midnight + 23 * hourMs + 31 * minuteMs,
    result: 'near_midnight',
  },
  {
    what: 'the settlement hour',
    order: standing({ settlements: ['1503'] }),
    at: midnight + 2 * hourMs + 45 * minuteMs,
    result: 'near_settlement',
  },
  {
    what: 'just before the settlement’s margin',
    order: standing({ settlements: ['1503'] }),
    at: midnight + 2 * hourMs + 24 * minuteMs,
    result: 'ok',
  },
  {
    what: 'the same hour of another day',
    order: standing({ settlements: ['1603'] }),
    at: midnight + 2 * hourMs + 45 * minuteMs,
    result: 'ok',
  },
  {
    what: 'the settlement at the next midnight',
    order: standing({
      ...wholeDay,
      settlements: ['1600'],
      clearOf: { midnightMinutes: 5, settlementMinutes: 60, slotMinutes: 5 },
    }),
    at: midnight + 23 * hourMs + 15 * minuteMs,
    result: 'near_settlement',
  },
  {
    what: 'five minutes before a slot may begin',
    at: midnight + 3 * hourMs + 25 * minuteMs,
    result: 'near_slot_border',
  },
  { what: 'five minutes after it', at: midnight + 3 * hourMs + 35 * minuteMs, result: 'near_slot_border' },
  { what: 'the edge of the margin', at: midnight + 3 * hourMs + 6 * minuteMs, result: 'ok' },
  {
    what: 'slots that begin elsewhere',
    order: standing({ slotBorders: ['08:00'] }),
    at: midnight + 3 * hourMs + 30 * minuteMs,
    result: 'ok',
  },
  { what: 'no clock was checked', clocks: [], result: 'clock_not_checked' },
  {
    what: 'clocks were checked too long ago',
    clocks: [clock(1, { checkedAt: calm - 48 * hourMs - 1 })],
    result: 'clock_not_checked',
  },
  {
    what: 'a check from the future counts for nothing',
    clocks: [clock(1, { checkedAt: calm + 1 })],
    result: 'clock_not_checked',
  },
  { what: 'the largest step that surely fits', clocks: [clock(239)], result: 'ok' },
  {
    what: 'one that may not fit',
    clocks: [clock(1), clock(239, { meterId: 2n, uncertaintyMs: 1001 })],
    result: 'step_too_big',
  },
  { what: 'the same slow', clocks: [clock(-240)], result: 'step_too_big' },
]

for (const { what, at = calm, order = standing(), clocks = [clock(30)], last = null, approvers, result } of cases) {
  t.test(`${what}: ${result}`, async (t) => {
    const orderDigest = standingOrderDigest(order)
    const facts: BroadcastFacts = {
      standingOrder: order,
      author: 'author',
      approvals: (approvers ?? ['first', 'second']).map((approver) => ({
        approver,
        orderDigest,
        approvedAt: midnight,
      })),
      line: { lineId: 1n, code: 'line-1', calendar: beijing, clocks },
      lastBroadcast: last,
    }
    const may = mayBroadcast(facts, at)
    t.equal(may.ok ? 'ok' : may.reason, result)
    if (!may.ok && result === 'step_too_big') t.ok(may.meters.length === 1, 'and names who needs an order of his own')
  })
}

t.test('approvals of another document do not count', async (t) => {
  const orderDigest = standingOrderDigest(standing({ mostStepSeconds: 200 }))
  const facts: BroadcastFacts = {
    standingOrder: standing(),
    author: 'author',
    approvals: ['first', 'second'].map((approver) => ({ approver, orderDigest, approvedAt: midnight })),
    line: { lineId: 1n, code: 'line-1', calendar: beijing, clocks: [clock(1)] },
    lastBroadcast: null,
  }
  t.match(mayBroadcast(facts, calm), { ok: false, reason: 'standing_order_not_approved' })
})
