import { groupBy } from '../../domain/group-by.js'
import { liveToleranceMs, type ReadingSource, type RegisterSet } from '../../domain/reading.js'
import { beijing, dayMs, type Instant } from '../../domain/time.js'
import { type Determinant, deriveDeterminant, type Hold } from '../../mdm/determinants/derive-determinant.js'
import { defaultDeterminantPolicy } from '../../mdm/determinants/policy.js'
import { type ClaimedKey, type Decision, decideChain } from '../../mdm/validation/decide.js'
import { defaultValidationPolicy } from '../../mdm/validation/policy.js'
import type { MeterFacts } from '../../mdm/validation/rule.js'
import type { HistoryClaim, HistoryMeter, MeterHistory, PointHistory } from '../../simulators/histories/history.js'
import type { Result } from '../../domain/result.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/determinants.js'

export const historyModel = 'synthetic-history'

/** What the product makes of a history: for each point what it would bill, or why it does not. */
export function runInMemory(history: MeterHistory): readonly Result<Determinant, Hold>[] {
  const claims = groupBy(history.claims, ({ meterId }) => meterId)
  const decided = new Map(
    history.meters.map((meter) => [meter.meterId, decisionsOf(meter, claims.get(meter.meterId) ?? [], history)]),
  )
  const doubts = new Map([...decided].map(([meterId, decisions]) => [meterId, doubtsOf(decisions)]))
  return history.points.map((point, index) => {
    const rows = segmentsOf(history, point, BigInt(index + 1), decided)
    return deriveDeterminant(rows, history, defaultDeterminantPolicy, doubts)
  })
}

interface Decided {
  readonly readAt: Instant
  readonly verdict: string
  readonly registers: RegisterSet | null
  readonly rules: readonly string[]
  readonly source: ReadingSource | null
}

export function decisionsOf(
  meter: HistoryMeter,
  claims: readonly HistoryClaim[],
  history: MeterHistory,
): readonly Decided[] {
  const facts: MeterFacts = { ...meter, model: historyModel }
  const keys = [...groupBy(claims, ({ readAt }) => readAt)].map(([readAt, group]): ClaimedKey => {
    return {
      readAt,
      claims: group,
      dueAt: group.some(({ source }) => source === 'live') ? beijing.startOfDayAt(readAt) : null,
    }
  })
  const decisions = decideChain(facts, keys, null, defaultValidationPolicy).map(toDecided)
  const estimates = history.estimates
    .filter(({ meterId }) => meterId === meter.meterId)
    .map(({ readAt, registers }): Decided => {
      return { readAt, verdict: 'estimated', registers, rules: [], source: 'backfill' }
    })
  return estimates.length === 0 ? decisions : [...decisions, ...estimates].sort((a, b) => a.readAt - b.readAt)
}

function toDecided({ readAt, verdict, value, rules }: Decision): Decided {
  return { readAt, verdict, registers: value?.registers ?? null, rules, source: value?.source ?? null }
}

function doubtsOf(decisions: readonly Decided[]): readonly Decided[] {
  return decisions.filter(
    ({ verdict, rules }) => verdict === 'held' && (rules.includes('decrease') || rules.includes('disputed')),
  )
}

/** The rows that the database's query for the segments of the account gives. */
function segmentsOf(
  { meters, periodStart, periodEnd }: MeterHistory,
  { installations, multipliers }: PointHistory,
  accountId: bigint,
  decided: ReadonlyMap<bigint, readonly Decided[]>,
): readonly SegmentRow[] {
  return installations.flatMap((installed) =>
    multipliers.flatMap((multiplied) => {
      const startAt = Math.max(periodStart, installed.from, multiplied.from)
      const endAt = Math.min(periodEnd, installed.to ?? periodEnd, multiplied.to ?? periodEnd)
      if (startAt >= endAt) return []
      const meter = meters.find(({ meterId }) => meterId === installed.value)
      const decisions = decided.get(installed.value) ?? []
      const row: SegmentRow = {
        accountId,
        usagePointId: accountId,
        tariffCode: 'synthetic',
        ladderFrom: '2026-01-01',
        agreementFrom: 0,
        agreementTo: null,
        startAt,
        endAt,
        meter: meter === undefined ? null : { ...meter, model: historyModel },
        multiplier: multiplied.value,
        start: boundaryAt(decisions, startAt, 'start'),
        end: boundaryAt(decisions, endAt, 'end'),
      }
      return [row]
    }),
  )
}

/** The decision on the instant, or the first live or held one within the tolerance after it, and what lies beside it. */
function boundaryAt(decisions: readonly Decided[], at: Instant, end: 'start' | 'end'): BoundaryRow | null {
  const found = decisions.find(
    ({ readAt, source }) =>
      readAt === at || ((source === 'live' || source === null) && readAt > at && readAt <= at + liveToleranceMs),
  )
  return found === undefined ? null : { ...found, beside: besideOf(decisions, found, end), isDecidedByPerson: false }
}

function besideOf(decisions: readonly Decided[], found: Decided, end: 'start' | 'end'): BoundaryRow['beside'] {
  const isNote = found.source === 'exchange'
  if (!isNote && !found.rules.includes('stale_repeat')) return null
  const isBeside = ({ readAt, verdict }: Decided) =>
    verdict === 'accepted' && readAt !== found.readAt && Math.abs(readAt - found.readAt) <= 3 * dayMs
  const beside =
    isNote && end === 'end'
      ? decisions.findLast((one) => isBeside(one) && one.readAt < found.readAt)
      : decisions.find((one) => isBeside(one) && one.readAt > found.readAt)
  return beside === undefined || beside.registers === null
    ? null
    : { readAt: beside.readAt, registers: beside.registers }
}
