import { groupBy } from '../../domain/group-by.js'
import { type MeterId, readingSources } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { fromRegisters } from '../../storage/register-columns.js'
import * as validation from '../../storage/mdm/validation.js'
import { decideChain } from './decide.js'
import type { ClaimedKey, Decision } from './decide-group.js'
import { noRead } from './rules/no-read.js'
import { defaultValidationPolicy } from './built-in-policy.js'
import type { ValidationPolicy } from './policy.js'
import type { MeterFacts, PreviousValue } from './rule.js'

/** Bounds memory and the length of a transaction: about a day's claims of this many meters. */
const seriesPerTransaction = 20_000

export interface ValidationInput {
  /** Half-open range of read_at in which new claims are looked for. */
  readonly from: Instant
  readonly to: Instant
  readonly now: Instant
  readonly policy?: ValidationPolicy
}
export interface HeldKey {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly rules: readonly string[]
  readonly reason: string
}
export interface ValidationReport {
  /** Decisions written: a key whose decision stays the same is not counted. */
  readonly accepted: number
  readonly held: readonly HeldKey[]
  /** Due points of the range whose window is over and that nothing serves. */
  readonly missing: readonly { readonly meterId: MeterId; readonly readAt: Instant }[]
}

/**
 * Decides all keys with new claims in the range, and anew what follows them on the same meter: a claim that comes late changes what
 * later values are compared with. So the decisions depend on the claims and not on the order in which they came.
 */
export async function runValidation(database: Database, input: ValidationInput): Promise<ValidationReport> {
  const policy = input.policy ?? defaultValidationPolicy
  const changed = await validation.findChangedSeries(database, input)
  let accepted = 0
  const held: HeldKey[] = []
  for (let start = 0; start < changed.length; start += seriesPerTransaction) {
    const series = changed.slice(start, start + seriesPerTransaction)
    const written = await database.transaction((tx) => decideSeries(tx, series, input.now, policy))
    accepted += written.filter(({ verdict }) => verdict === 'accepted').length
    held.push(...written.filter(({ verdict }) => verdict === 'held'))
  }
  const due = await validation.countClaimsOfDuePoints(database, { ...input, liveToleranceMs: policy.liveToleranceMs })
  const missing = due.filter((point) => noRead(point, input.now, policy))
  return { accepted, held, missing: missing.map(({ meterId, readAt }) => ({ meterId, readAt })) }
}

type WrittenDecision = Decision & Pick<validation.DecidedRow, 'meterId' | 'quantity' | 'revision'>

async function decideSeries(
  tx: Transaction,
  series: readonly validation.ChangedSeries[],
  now: Instant,
  policy: ValidationPolicy,
): Promise<readonly WrittenDecision[]> {
  const claims = groupBy(await validation.readClaims(tx, series), seriesKey)
  const baselines = groupBy(await validation.readBaselines(tx, series), seriesKey)
  const decided = groupBy(await validation.readDecisions(tx, series), decisionKey)
  const facts = new Map(
    (
      await validation.readMeterFacts(
        tx,
        series.map(({ meterId }) => meterId),
      )
    ).map((meter) => [meter.meterId, meter]),
  )
  const written = series.flatMap((one) => {
    const meter = present<MeterFacts>(facts.get(one.meterId), `meter ${one.meterId}`)
    const baseline = toPrevious(baselines.get(seriesKey(one))?.[0])
    const keys = toKeys(claims.get(seriesKey(one)) ?? [])
    return decideChain(meter, keys, baseline, policy).flatMap((decision) => {
      const key = { ...decision, meterId: one.meterId, quantity: one.quantity }
      const last = decided.get(decisionKey(key))?.[0]
      return last !== undefined && isSameDecision(last, decision)
        ? []
        : [{ ...key, revision: (last?.revision ?? 0) + 1 }]
    })
  })
  await validation.insertDecisions(
    tx,
    written.map((decision) => toRow(decision, now)),
  )
  return written
}

function toKeys(claims: readonly validation.ClaimRow[]): readonly ClaimedKey[] {
  const byInstant = groupBy(claims, ({ readAt }) => readAt)
  return [...byInstant].map(([readAt, group]) => ({ readAt, claims: group, dueAt: group[0]?.dueAt ?? null }))
}

function toPrevious(row: validation.DecidedRow | undefined): PreviousValue | null {
  if (row === undefined || row.registers === null) return null
  return { readAt: row.readAt, registers: row.registers }
}

function isSameDecision(last: validation.DecidedRow, decision: Decision): boolean {
  if (last.verdict !== decision.verdict || last.reason !== decision.reason) return false
  if (last.rules.join(' ') !== decision.rules.join(' ')) return false
  if (last.registers === null || decision.value === null) return last.registers === null && decision.value === null
  return (
    last.source === readingSources[decision.value.source] && sameRegisters(last.registers, decision.value.registers)
  )
}

function toRow(decision: WrittenDecision, now: Instant) {
  const { value } = decision
  return {
    meter_id: decision.meterId,
    quantity: decision.quantity,
    read_at: decision.readAt,
    revision: decision.revision,
    verdict: decision.verdict,
    ...(value === null ? {} : { ...fromRegisters(value.registers), source: readingSources[value.source] }),
    rules: decision.rules,
    reason: decision.reason,
    recorded_at: now,
  }
}

function seriesKey({ meterId, quantity }: { readonly meterId: MeterId; readonly quantity: number }): string {
  return `${meterId} ${quantity}`
}

function decisionKey(key: { readonly meterId: MeterId; readonly quantity: number; readonly readAt: Instant }): string {
  return `${seriesKey(key)} ${key.readAt}`
}
