import type { NotSentReason, OrderRefusalReason, OrderVerdict } from '../../domain/meter-order.js'
import type { Clock } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { sealedHex } from '../../protocols/dlt645/masked-hex.js'
import type { Database, Queryable } from '../../storage/database.js'
import type { LineLease } from '../../storage/headend/line-lease.js'
import { findSealedCredential } from '../../storage/headend/meter-credentials.js'
import {
  findOrderInPlace,
  insertOrderResult,
  orderApprovals,
  type OrderResult,
  orderResults,
} from '../../storage/headend/orders.js'
import type { Dlt645Line, Written } from '../sessions/dlt645-line.js'
import { type MeterCredential, openCredential } from './credential.js'
import { approveWrite } from './guard.js'
import { judgeOrder, type OrderFacts } from './judge-order.js'
import { orderDigestOf } from './order-digest.js'
import { needsCredential, type OrderAct, type OrderKind, parseOrderAct } from './order-kinds.js'
import { readBack } from './read-back.js'
import { type AskedClock, askClock } from './shown-clock.js'
import { useOrder } from './use-order.js'

export interface ExecuteOrderOptions {
  /** With the rights of the head-end. */
  readonly database: Database
  readonly clock: Clock
  /** The line on which the meter hangs, opened. */
  readonly line: Dlt645Line
  /** Our right to talk on it. */
  readonly lease: LineLease
  readonly node: string
  /** Opens sealed credentials; null where there is none, and then nothing that needs a password is written. */
  readonly credentialKey: Buffer | null
  /** Until when the line may be waited for. */
  readonly deadline: Instant
}

export type ExecutedOrder =
  /** No byte that writes has left. */
  | { readonly kind: 'not_written'; readonly reason: OrderRefusalReason | NotSentReason }
  /** `repeated`: it had been used before, and the meter was only asked what came of it. */
  | { readonly kind: 'settled'; readonly verdict: OrderVerdict; readonly detail: string; readonly repeated: boolean }

/** Time that a meter takes to do what it accepted. */
const settleMs: Readonly<Record<OrderKind, number>> = {
  set_clock: secondMs,
  tariff_table: secondMs,
  tariff_switch: secondMs,
  relay_permit_close: 3 * secondMs,
  event_reset: secondMs,
  freeze: secondMs,
}

/**
 * Carries out an order: judge, commit its use, write once, ask the meter what came of it, and record that. An order that was used
 * before is never written again; while its fate is unknown the meter is asked once more. Killed anywhere, it leaves a use without a
 * frame or a frame without a result, and never a frame without a use. A frame that cannot leave at once is dropped, and its use has
 * the result that nothing was sent.
 */
export async function executeOrder(options: ExecuteOrderOptions, orderId: string): Promise<ExecutedOrder> {
  const { database, clock, line, lease, credentialKey, deadline } = options
  const found = await loadFacts(database, orderId, clock.now())
  if (found === null) return notWritten('order_not_found')
  const facts = { ...found.facts, ownedLine: lease.lineId }
  if (found.usedAt !== null) return askAgain(options, facts, found.usedAt, found.results)
  const judged = judgeOrder(facts, clock.now(), null)
  if (!judged.ok) return notWritten(judged.reason)
  const credential = await credentialFor(database, facts.order.credentialCode, credentialKey)
  if (needsCredential(judged.act.kind) && credential === null) return notWritten('credential_missing')
  if (!(await line.ready(deadline))) return notWritten('line_down')
  const shown = judged.act.kind === 'set_clock' ? await askClock(line, clock, facts.order.communicationAddress) : null
  if (shown !== null && shown.clock === null) return notWritten('no_reply')
  return write(options, { facts, credential, act: judged.act, shown })
}

/** Why a stored order could not be used now on a line, whoever owns it; null for one that may. */
export async function refusalOf(
  client: Queryable,
  orderId: string,
  { lineId, now }: { readonly lineId: LineLease['lineId']; readonly now: Instant },
): Promise<OrderRefusalReason | null> {
  const found = await loadFacts(client, orderId, now)
  if (found === null) return null
  const judged = judgeOrder({ ...found.facts, ownedLine: lineId }, now, null)
  return judged.ok ? null : judged.reason
}

interface ReadyToWrite {
  readonly facts: OrderFacts
  readonly credential: MeterCredential | null
  readonly act: OrderAct
  readonly shown: AskedClock | null
}

async function write(
  options: ExecuteOrderOptions,
  { facts, credential, act, shown }: ReadyToWrite,
): Promise<ExecutedOrder> {
  const { database, clock, line, lease, node } = options
  const { orderId, communicationAddress } = facts.order
  const clockShown = shown?.clock ?? null
  const judged = judgeOrder(facts, clock.now(), clockShown)
  if (!judged.ok) return notWritten(judged.reason)
  const usedAt = clock.now()
  const outcome = await useOrder(database, orderId, { lease, node, now: usedAt })
  if (outcome.kind !== 'used') return notWritten(outcome.kind)
  const approved = approveWrite(facts, outcome.use, { now: clock.now(), clock: clockShown, credential })
  if (!approved.ok) {
    const detail = `used, but nothing was sent: ${approved.error.kind}`
    return settle(options, orderId, 1, { verdict: 'not_verified', asked: [], detail }, null)
  }
  const written = await line.write(approved.value)
  if (written.kind === 'unsent') {
    const detail = `used, but nothing was sent: ${written.reason}`
    return settle(options, orderId, 1, { verdict: 'not_verified', asked: [], detail }, null)
  }
  if (written.outcome.kind === 'refused') {
    const detail = `the meter refused: ${written.outcome.reasons.join(', ')}`
    return settle(options, orderId, 1, { verdict: 'refused', asked: [], detail }, written)
  }
  await clock.sleep(settleMs[act.kind])
  const shows = await readBack(line, clock, communicationAddress, act, usedAt)
  return settle(options, orderId, 1, { ...shows, detail: `${written.outcome.kind}; ${shows.detail}` }, written)
}

/** The use is on record. Unless its fate is known, the meter is asked; the frame never leaves a second time. */
async function askAgain(
  options: ExecuteOrderOptions,
  { order, installation, ownedLine }: OrderFacts,
  usedAt: Instant,
  results: readonly OrderResult[],
): Promise<ExecutedOrder> {
  const { line, clock, deadline } = options
  if (!orderDigestOf(order).equals(order.orderDigest)) return notWritten('edited')
  const act = parseOrderAct(order.kind, order.parameters)
  const isOpen = results.every(({ verdict }) => verdict === 'unknown')
  const isThere =
    installation?.lineId === ownedLine && installation?.communicationAddress === order.communicationAddress
  if (!isOpen || !isThere || !act.ok) return notWritten('already_used')
  if (!(await line.ready(deadline))) return notWritten('line_down')
  const shows = await readBack(line, clock, order.communicationAddress, act.value, usedAt)
  const settled = await settle(options, order.orderId, results.length + 1, shows, null)
  return settled.kind === 'settled' ? { ...settled, repeated: true } : settled
}

interface Verdict {
  readonly verdict: OrderVerdict
  readonly asked: readonly object[]
  readonly detail: string
}

async function settle(
  { database, clock }: ExecuteOrderOptions,
  orderId: string,
  ordinal: number,
  { verdict, asked, detail }: Verdict,
  written: Extract<Written, { kind: 'sent' }> | null,
): Promise<ExecutedOrder> {
  const outcome = written?.outcome
  const answer = outcome?.kind === 'data' || outcome?.kind === 'refused' ? sealedHex(outcome.bytes) : null
  await insertOrderResult(database, orderId, {
    ordinal,
    verdict,
    requestTrace: written?.requestTrace ?? null,
    answerTrace: answer,
    readBack: { asked },
    detail,
    recordedAt: clock.now(),
  })
  return { kind: 'settled', verdict, detail, repeated: false }
}

interface LoadedOrder {
  /** Credentials are opened late, and judged then. */
  readonly facts: Omit<OrderFacts, 'ownedLine'>
  readonly usedAt: Instant | null
  readonly results: readonly OrderResult[]
}

async function loadFacts(client: Queryable, orderId: string, now: Instant): Promise<LoadedOrder | null> {
  const [found, approvals, results] = await Promise.all([
    findOrderInPlace(client, orderId, now),
    orderApprovals(client, orderId),
    orderResults(client, orderId),
  ])
  if (found === null) return null
  const { order, approvalsNeeded, usedAt, place } = found
  const rule = approvalsNeeded === null ? null : { approvals: approvalsNeeded }
  const facts = { order, approvals, rule, isUsed: usedAt !== null, installation: place, hasCredential: true }
  return { facts, usedAt, results }
}

async function credentialFor(
  client: Queryable,
  code: string | null,
  key: Buffer | null,
): Promise<MeterCredential | null> {
  if (code === null || key === null) return null
  const sealed = await findSealedCredential(client, code)
  if (sealed === null) return null
  const opened = openCredential(sealed, key)
  return opened.ok ? opened.value : null
}

function notWritten(reason: Extract<ExecutedOrder, { kind: 'not_written' }>['reason']): ExecutedOrder {
  return { kind: 'not_written', reason }
}
