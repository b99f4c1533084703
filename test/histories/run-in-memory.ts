import { groupBy } from '../../domain/group-by.js'
import { liveToleranceMs, type ReadingSource, type RegisterSet } from '../../domain/reading.js'
import { quantities } from '../../domain/quantities.js'
import type { Result } from '../../domain/result.js'
import type { Segment } from '../../domain/timeline.js'
import type { UsageClass } from '../../domain/usage-class.js'
import { beijing, dayMs, type Instant } from '../../domain/time.js'
import { deriveDeterminant } from '../../mdm/determinants/derive-determinant.js'
import type { Determinant } from '../../mdm/determinants/determinant.js'
import type { Hold } from '../../mdm/determinants/hold.js'
import type { Evidence } from '../../mdm/determinants/evidence.js'
import { defaultDeterminantPolicy } from '../../mdm/determinants/policy.js'
import { defaultValidationPolicy } from '../../mdm/validation/built-in-policy.js'
import { type ClaimedKey, type Decision, decideGroup, type Series } from '../../mdm/validation/decide-group.js'
import { noTotals } from '../../mdm/validation/usage-memory.js'
import type { SupplyFacts } from '../../mdm/validation/rule.js'
import type { HistoryClaim, HistoryMeter, MeterHistory, PointHistory } from '../../simulators/histories/history.js'
import type { LoadClass } from '../../simulators/histories/load-classes.js'
import type { BoundaryRow, SegmentRow } from '../../storage/mdm/freeze-segments.js'

export const historyModel = 'synthetic-history'
const quantity = quantities.forward_active_energy.code
const forEver = Number.MAX_SAFE_INTEGER

/** What the product makes of a history: for each point what it would bill, or why it does not. */
export function runInMemory(history: MeterHistory): readonly Result<Determinant, Hold>[] {
  const decided = decideHistory(history)
  const evidence: Evidence = {
    doubts: new Map([...decided].map(([meterId, decisions]) => [meterId, doubtsOf(decisions)])),
    turnovers: marksOf(decided, ['rollover']),
    jumps: marksOf(decided, ['jump', 'above_fullest']),
    readings: new Map([...decided].map(([meterId, decisions]) => [meterId, decisions.flatMap(toAccepted)])),
  }
  return history.points.map((point, index) => {
    const rows = segmentsOf(history, point, BigInt(index + 1), decided)
    return deriveDeterminant(rows, history, defaultDeterminantPolicy, evidence)
  })
}

interface Decided {
  readonly readAt: Instant
  readonly verdict: string
  readonly registers: RegisterSet | null
  readonly rules: readonly string[]
  readonly source: ReadingSource | null
}

/** Decisions on all meters of a history, which are each other's neighbours. */
export function decideHistory(history: MeterHistory): ReadonlyMap<bigint, readonly Decided[]> {
  const claims = groupBy(history.claims, ({ meterId }) => meterId)
  const group = history.meters.map((meter): Series => {
    const keys = [...groupBy(claims.get(meter.meterId) ?? [], ({ readAt }) => readAt)].map(toKey)
    const facts = { ...meter, model: historyModel }
    return { meter: facts, quantity, supplies: suppliesOf(history, meter), keys, baseline: null, history: noTotals }
  })
  const decisions = decideGroup(group, () => defaultValidationPolicy)
  return new Map(
    history.meters.map(({ meterId }, index) => [meterId, withEstimates(history, meterId, decisions[index] ?? [])]),
  )
}

function toKey([readAt, claims]: readonly [Instant, readonly HistoryClaim[]]): ClaimedKey {
  const isLive = claims.some(({ source }) => source === 'live')
  return { readAt, claims, dueAt: isLive ? beijing.startOfDayAt(readAt) : null }
}

const usageClasses: Readonly<Record<LoadClass, UsageClass>> = {
  residential: 'residential',
  vacant: 'residential',
  commercial: 'commercial',
  day_works: 'large_industrial',
  shift_works: 'large_industrial',
  irrigation: 'agricultural',
}

export function usageClassOf({ loadClass }: PointHistory): UsageClass {
  return usageClasses[loadClass]
}

/** Where the registry says that the meter hung, one stretch for each multiplier. */
function suppliesOf({ points }: MeterHistory, { meterId }: HistoryMeter): readonly Segment<SupplyFacts>[] {
  return points.flatMap((point) => {
    const { installations, multipliers } = point
    const usageClass = usageClassOf(point)
    return installations
      .filter(({ value }) => value === meterId)
      .flatMap((installed) =>
        multipliers.flatMap((multiplied): Segment<SupplyFacts>[] => {
          const from = Math.max(installed.from, multiplied.from)
          const to = Math.min(installed.to ?? forEver, multiplied.to ?? forEver)
          if (from >= to) return []
          const value = {
            usageClass,
            areaId: 1n,
            multiplier: BigInt(multiplied.value),
            contractCapacityKva: null,
            installedAt: installed.from,
            exportAgreed: false,
          }
          return [{ from, to: to === forEver ? null : to, value }]
        }),
      )
  })
}

/** An estimate stands only where nothing was claimed. */
function withEstimates(
  { estimates }: MeterHistory,
  meterId: bigint,
  decisions: readonly Decision[],
): readonly Decided[] {
  const decided = decisions.map(toDecided)
  const estimated = estimates.flatMap((estimate): readonly Decided[] => {
    if (estimate.meterId !== meterId) return []
    const { readAt, registers } = estimate
    return [{ readAt, verdict: 'estimated', registers, rules: [], source: 'backfill' }]
  })
  return estimated.length === 0 ? decided : [...decided, ...estimated].sort((a, b) => a.readAt - b.readAt)
}

function toDecided({ readAt, verdict, value, rules }: Decision): Decided {
  return { readAt, verdict, registers: value?.registers ?? null, rules, source: value?.source ?? null }
}

const doubting = ['decrease', 'disputed', 'near_absolute', 'rollover', 'spike', 'swapped_pair', 'unit_slip']

function doubtsOf(decisions: readonly Decided[]): readonly Decided[] {
  return decisions.filter(({ verdict, rules }) => verdict === 'held' && doubting.some((rule) => rules.includes(rule)))
}

function marksOf(decided: ReadonlyMap<bigint, readonly Decided[]>, names: readonly string[]): Evidence['jumps'] {
  const isMarked = ({ verdict, rules }: Decided) => verdict === 'accepted' && names.some((name) => rules.includes(name))
  return new Map([...decided].map(([meterId, decisions]) => [meterId, decisions.filter(isMarked)]))
}

function toAccepted({ verdict, readAt, registers }: Decided) {
  return verdict === 'accepted' && registers !== null ? [{ readAt, registers }] : []
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
        start: boundaryAt(decisions, startAt),
        end: boundaryAt(decisions, endAt),
        ...besides(installations, startAt, endAt),
      }
      return [row]
    }),
  )
}

const beforeMs = 5 * dayMs

/** The meters that hung there until shortly before the begin and that hang there from the end on. */
function besides(installations: PointHistory['installations'], startAt: Instant, endAt: Instant) {
  const before = installations.findLast(({ to }) => to !== null && to <= startAt && to > startAt - beforeMs)
  const after = installations.find(({ from }) => from === endAt)
  return {
    ...(before === undefined ? {} : { meterBefore: { meterId: before.value, until: before.to ?? startAt } }),
    ...(after === undefined ? {} : { meterAfter: after.value }),
  }
}

/** The decision on the instant, or the first live or held one within the tolerance after it. */
function boundaryAt(decisions: readonly Decided[], at: Instant): BoundaryRow | null {
  const found = decisions.find(
    ({ readAt, source }) =>
      readAt === at || ((source === 'live' || source === null) && readAt > at && readAt <= at + liveToleranceMs),
  )
  return found === undefined ? null : { ...found, isDecidedByPerson: false }
}
