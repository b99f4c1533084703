import t from 'tap'
import type { MeterOrder } from '../../../domain/meter-order.js'
import { beijing, dayMs, hourMs, minuteMs, secondMs } from '../../../domain/time.js'
import {
  type ApprovedFrame,
  approveWrite,
  mostDelayMs,
  redeem,
  type RedeemedFrame,
} from '../../../headend/orders/guard.js'
import { type FreshUse, mintUse } from '../../../headend/orders/fresh-use.js'
import { judgeOrder, type OrderFacts, type ShownClock } from '../../../headend/orders/judge-order.js'
import { orderDigestOf, orderIdOf } from '../../../headend/orders/order-digest.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { parseMessage } from '../../../protocols/dlt645/message.js'
import { addressOf } from '../../support/field-world.js'
import { credential, credentialCode, orderOf, secretOperator, secretPassword } from '../../support/orders.js'

const now = beijing.startOfDay('2026-07-15') + 10 * hourMs + 2 * minuteMs
const order = orderOf(now)

function approvalsOf({ orderDigest }: MeterOrder, ...approvers: readonly string[]) {
  return approvers.map((approver) => ({ approver, orderDigest, approvedAt: now - minuteMs }))
}

function factsOf(of: MeterOrder = order, more: Partial<OrderFacts> = {}): OrderFacts {
  return {
    order: of,
    approvals: approvalsOf(of, 'first'),
    rule: { approvals: 1 },
    isUsed: false,
    installation: {
      meterId: 1n,
      lineId: 1n,
      communicationAddress: addressOf(1),
      protocol: 'dlt645_2007',
      sameAddress: 1,
    },
    ownedLine: 1n,
    hasCredential: true,
    ...more,
  }
}

const place = { meterId: 1n, lineId: 1n, communicationAddress: addressOf(1), protocol: 'dlt645_2007', sameAddress: 1 }
const anHourFast: ShownClock = { offsetMs: 3500 * secondMs, uncertaintyMs: secondMs }
const relay = orderOf(now, { kind: 'relay_permit_close', parameters: { validMinutes: 10 } })
const midnight = beijing.startOfDay('2026-07-16')
const later = orderOf(now, { notBefore: now + 1, expiresAt: now + hourMs })
const other = orderOf(now, { reason: 'another order' })
const yearsOff = { offsetMs: -26 * 365 * dayMs, uncertaintyMs: secondMs }
const yearsStep = { item: '0400010C', mostStepSeconds: 27 * 365 * 86_400 }

const table: readonly (readonly [
  what: string,
  facts: OrderFacts,
  at: number,
  clock: ShownClock | null,
  result: string,
])[] = [
  ['an order with all it needs', factsOf(), now, anHourFast, 'ok'],
  ['nobody approved', factsOf(order, { approvals: [] }), now, null, 'not_approved'],
  ['the author approved', factsOf(order, { approvals: approvalsOf(order, 'author') }), now, null, 'not_approved'],
  ['another order was approved', factsOf(order, { approvals: approvalsOf(other, 'first') }), now, null, 'not_approved'],
  ['approved later than now', factsOf(), now - 2 * minuteMs, null, 'not_approved'],
  ['one where two are needed', factsOf(relay, { rule: { approvals: 2 } }), now, null, 'not_approved'],
  [
    'one person twice where two are needed',
    factsOf(relay, { rule: { approvals: 2 }, approvals: approvalsOf(relay, 'first', 'first') }),
    now,
    null,
    'not_approved',
  ],
  [
    'two where two are needed',
    factsOf(relay, { rule: { approvals: 2 }, approvals: approvalsOf(relay, 'first', 'second') }),
    now,
    null,
    'ok',
  ],
  ['no rule for the kind', factsOf(order, { rule: null }), now, null, 'not_approved'],
  ['a millisecond too early', factsOf(later), now, null, 'not_yet'],
  ['at its first moment', factsOf(later), now + 1, null, 'ok'],
  ['at its end', factsOf(), order.expiresAt, null, 'expired'],
  ['used before', factsOf(order, { isUsed: true }), now, null, 'already_used'],
  ['a meter that hangs nowhere', factsOf(order, { installation: null }), now, null, 'not_installed'],
  ['another meter', factsOf(order, { installation: { ...place, meterId: 2n } }), now, null, 'wrong_meter'],
  [
    'a meter whose address was changed',
    factsOf(order, { installation: { ...place, communicationAddress: addressOf(9) } }),
    now,
    null,
    'wrong_meter',
  ],
  [
    'two meters of one address',
    factsOf(order, { installation: { ...place, sameAddress: 2 } }),
    now,
    null,
    'wrong_meter',
  ],
  ['a Modbus meter', factsOf(order, { installation: { ...place, protocol: 'modbus' } }), now, null, 'wrong_meter'],
  ['another line', factsOf(order, { ownedLine: 2n }), now, null, 'not_line_owner'],
  ['no lease at all', factsOf(order, { ownedLine: null }), now, null, 'not_line_owner'],
  ['no password', factsOf(order, { hasCredential: false }), now, null, 'credential_missing'],
  [
    'a freeze without password',
    factsOf(orderOf(now, { kind: 'freeze', parameters: {} }), { hasCredential: false }),
    now,
    null,
    'ok',
  ],
  ['a kind that nobody knows', factsOf(orderOf(now, { kind: 'relay_open' })), now, null, 'kind_unknown'],
  [
    'parameters of another kind',
    factsOf(orderOf(now, { parameters: { events: 'FFFFFFFF' } })),
    now,
    null,
    'kind_unknown',
  ],
  [
    'a table that is none',
    factsOf(orderOf(now, { kind: 'tariff_table', parameters: { item: '04000401', values: ['1'] } })),
    now,
    null,
    'kind_unknown',
  ],
  ['a step larger than ordered', factsOf(), now, { offsetMs: 3600 * secondMs, uncertaintyMs: 1 }, 'limits_exceeded'],
  ['the same the other way', factsOf(), now, { offsetMs: -3600 * secondMs, uncertaintyMs: 1 }, 'limits_exceeded'],
  ['another day than ordered', factsOf(orderOf(now, { parameters: yearsStep })), now, yearsOff, 'limits_exceeded'],
  [
    'another day as ordered',
    factsOf(orderOf(now, { parameters: { ...yearsStep, acrossDays: true } })),
    now,
    yearsOff,
    'ok',
  ],
  [
    'near midnight',
    factsOf(orderOf(midnight - 9 * minuteMs), {}),
    midnight - 9 * minuteMs,
    { offsetMs: 0, uncertaintyMs: 0 },
    'limits_exceeded',
  ],
]

for (const [what, facts, at, clock, expected] of table) {
  t.test(`${what}: ${expected}`, async (t) => {
    const judged = judgeOrder(facts, at, clock)
    t.equal(judged.ok ? 'ok' : judged.reason, expected)
    const use = mintUse({ kind: 'order', orderId: facts.order.orderId, lineId: facts.ownedLine ?? 0n })
    const moment = {
      now: at,
      clock: clock ?? { offsetMs: 0, uncertaintyMs: 0 },
      credential: facts.hasCredential ? credential : null,
    }
    const approved = approveWrite(facts, use, moment)
    t.equal(approved.ok ? 'ok' : approved.error.kind, expected, 'and the guard says the same')
  })
}

t.test('whatever is edited in a stored order, it is refused', async (t) => {
  const edits: Partial<MeterOrder> = {
    orderId: '00000000-0000-8000-8000-000000000000',
    meterId: 2n,
    communicationAddress: addressOf(2),
    kind: 'freeze',
    parameters: { item: '0400010C', mostStepSeconds: 3601, acrossDays: false },
    credentialCode: 'other',
    reason: 'the clock is wrong.',
    author: 'first',
    notBefore: order.notBefore - 1,
    expiresAt: order.expiresAt + 1,
    recordedAt: order.recordedAt + 1,
    orderDigest: Buffer.alloc(32),
  }
  for (const [field, value] of Object.entries(edits)) {
    const judged = judgeOrder(factsOf({ ...order, [field]: value }), now, null)
    t.match(judged, { ok: false, reason: 'edited' }, field)
  }
  const forged = { ...order, reason: 'forged' }
  const withDigest = { ...forged, orderDigest: orderDigestOf(forged) }
  const judged = judgeOrder(factsOf(withDigest, { approvals: approvalsOf(order, 'first') }), now, null)
  t.match(judged, { ok: false, reason: 'not_approved' }, 'a digest that was edited too is not what was approved')
})

t.test('the same proposal has one id, whatever the order of its keys', async (t) => {
  const parameters = { acrossDays: false, mostStepSeconds: 3600, item: '0400010C' }
  t.equal(orderIdOf({ ...order, parameters }), order.orderId)
  t.not(orderIdOf({ ...order, credentialCode: null }), order.orderId)
})

function approvedFrame(): ApprovedFrame {
  const use = mintUse({ kind: 'order', orderId: order.orderId, lineId: 1n })
  const approved = approveWrite(factsOf(), use, { now, clock: anHourFast, credential })
  if (!approved.ok) throw new Error(approved.error.kind)
  return approved.value
}

/** At the moment of its approval. */
function redeemed(frame: ApprovedFrame, wakeUpBytes: number): RedeemedFrame {
  const at = redeem(frame, { wakeUpBytes, now, waitedMs: 0 })
  if (!at.ok) throw new Error(at.error.kind)
  return at.value
}

t.test('a frame leaves once, and nothing else passes for one', async (t) => {
  const frame = approvedFrame()
  const { request, bytes, trace } = redeemed(frame, 4)
  t.match(request, { function: 'write', address: addressOf(1), dataIdentifier: '0400010C' })
  t.same(parseMessage(openFrame(bytes.subarray(4)), '2007'), request)
  t.throws(() => redeemed(frame, 4), /leaves once/)
  t.throws(() => redeemed({} as ApprovedFrame, 4), /comes from the guard/)
  t.throws(() => redeemed(structuredClone(approvedFrame()), 4), /comes from the guard/)
  t.equal(trace.length, 2 * bytes.length)
  t.match(trace, /\*\*/)
})

t.test('a frame that could not leave at once is dropped, and asked for once all the same', async (t) => {
  const moments: readonly (readonly [what: string, laterMs: number, waitedMs: number, result: string])[] = [
    ['at once', 0, 0, 'ok'],
    ['as late as it may be', mostDelayMs, 0, 'ok'],
    ['a millisecond later', mostDelayMs + 1, 0, 'frame_stale'],
    ['after the line’s own silence', 1500 + mostDelayMs, 1500, 'ok'],
    ['of a process that stood still in that silence', 45 * secondMs, 1500, 'frame_stale'],
    ['of a clock that was set back', -1, 0, 'frame_stale'],
  ]
  for (const [what, laterMs, waitedMs, result] of moments) {
    const frame = approvedFrame()
    const moment = { wakeUpBytes: 4, now: now + laterMs, waitedMs }
    const left = redeem(frame, moment)
    t.equal(left.ok ? 'ok' : left.error.kind, result, what)
    t.throws(() => redeem(frame, moment), /leaves once/, what)
  }
})

t.test('what was approved is judged once more when it leaves, and a clock is set to that moment', async (t) => {
  const expiring = orderOf(now, { expiresAt: now + 100 })
  const use = mintUse({ kind: 'order', orderId: expiring.orderId, lineId: 1n })
  const approved = approveWrite(factsOf(expiring), use, { now, clock: anHourFast, credential })
  if (!approved.ok) throw new Error(approved.error.kind)
  const tooLate = redeem(approved.value, { wakeUpBytes: 0, now: now + 100, waitedMs: 0 })
  t.match(tooLate, { ok: false, error: { kind: 'expired' } })
  const timeAt = (at: number): string => {
    const left = redeem(approvedFrame(), { wakeUpBytes: 0, now: at, waitedMs: 3 * secondMs })
    return left.ok ? left.value.request.payload.subarray(-7).toString('hex') : left.error.kind
  }
  t.not(timeAt(now), timeAt(now + 3 * secondMs), 'the bytes are those of the later moment')
})

t.test('a use gives one frame, to its own order, and nothing else passes for one', async (t) => {
  const use = mintUse({ kind: 'order', orderId: order.orderId, lineId: 1n })
  const moment = { now, clock: anHourFast, credential }
  t.ok(approveWrite(factsOf(), use, moment).ok)
  t.match(approveWrite(factsOf(), use, moment), { ok: false, error: { kind: 'already_used' } })
  t.match(approveWrite(factsOf(), {} as FreshUse, moment), { ok: false, error: { kind: 'already_used' } })
  const foreign = mintUse({ kind: 'order', orderId: other.orderId, lineId: 1n })
  t.match(approveWrite(factsOf(), foreign, moment), { ok: false, error: { kind: 'already_used' } })
  const elsewhere = mintUse({ kind: 'order', orderId: order.orderId, lineId: 2n })
  t.match(approveWrite(factsOf(), elsewhere, moment), { ok: false, error: { kind: 'not_line_owner' } })
})

t.test('a clock is not set unless it was read just before', async (t) => {
  const use = mintUse({ kind: 'order', orderId: order.orderId, lineId: 1n })
  const approved = approveWrite(factsOf(), use, { now, clock: null, credential })
  t.match(approved, { ok: false, error: { kind: 'limits_exceeded' } })
})

t.test('neither a frame’s trace nor a printed credential tells password or operator', async (t) => {
  const { trace } = redeemed(approvedFrame(), 0)
  const onWire = (digits: string) =>
    (digits.match(/../g) ?? [])
      .map((pair) => ((Number.parseInt(pair, 16) + 0x33) & 0xff).toString(16).padStart(2, '0'))
      .toReversed()
      .join('')
      .toUpperCase()
  t.notMatch(trace, new RegExp(`${onWire(secretPassword)}|${onWire(secretOperator)}`))
  t.match(trace, /\*\*16$/, 'the checksum is hidden: it would tell the sum')
  const printed = [JSON.stringify({ credential }), String(credential), credential.toJSON()]
  for (const text of printed) t.notMatch(text, new RegExp(`${secretPassword}|${secretOperator}`))
  t.equal(credentialCode, order.credentialCode)
})
