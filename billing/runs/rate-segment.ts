import { createHash } from 'node:crypto'
import { UserError } from '../../domain/errors.js'
import { type ChargeLine, type HoldCode, holdCodes } from '../../domain/bill.js'
import { present } from '../../domain/result.js'
import type { Calendar, Instant, LocalDate } from '../../domain/time.js'
import type { IssuedBill } from '../../storage/billing/bills.js'
import { type AccountUsage, streamUsages } from '../../storage/billing/segment-usages.js'
import type { RunSegmentRow, SegmentTotals } from '../../storage/billing/segments.js'
import type { Transaction } from '../../storage/database.js'
import { type BillColumns, createUsageColumns, setUsage, type UsageColumns } from '../engine/columns.js'
import type { RatingWorker } from '../engine/rating-worker.js'
import type { FrozenTariff } from './frozen-tariffs.js'
import { ladderOpening } from './ladder-opening.js'
import type { OpenRun } from './open-run.js'
import { createSegmentPlanner } from './plan-segments.js'

export interface RatedSegment {
  readonly bills: readonly IssuedBill[]
  readonly exceptions: readonly { readonly accountId: bigint; readonly code: HoldCode; readonly detail: string }[]
  readonly totals: SegmentTotals
}

/** Streams a shard's usages out, checks that they are what was frozen, and rates them in the worker. */
export async function rateSegment(
  tx: Transaction,
  worker: RatingWorker,
  run: OpenRun,
  tariffs: readonly FrozenTariff[],
  segment: RunSegmentRow,
): Promise<RatedSegment> {
  const usages = await frozenUsages(tx, run, segment)
  const programs = tariffs.map(({ program }) => program)
  const codes = new Set(tariffs.map(({ tariff }) => tariff.code))
  const known = usages.filter(({ tariffCode }) => codes.has(tariffCode))
  const rated = await worker.rate(programs, toColumns(known, tariffs, run.calendar))
  return collect(usages, rated, tariffs)
}

async function frozenUsages(tx: Transaction, run: OpenRun, segment: RunSegmentRow): Promise<readonly AccountUsage[]> {
  const usages: AccountUsage[] = []
  const planner = createSegmentPlanner(segment.account_count)
  await streamUsages(tx, run.setId, { first: segment.first_account_id, last: segment.last_account_id }, (usage) => {
    usages.push(usage)
    planner.take(usage)
  })
  const [found, ...more] = planner.finish()
  const frozen = run.manifest.segments[segment.segment_no - 1]
  if (more.length > 0 || found === undefined || found.inputSha256 !== frozen?.inputSha256)
    throw new UserError('refused', `inputs of ${segment.natural_key} are no longer what the run froze`)
  return usages
}

function toColumns(
  usages: readonly AccountUsage[],
  tariffs: readonly FrozenTariff[],
  calendar: Calendar,
): UsageColumns {
  const programs = new Map(tariffs.map(({ tariff }, index) => [tariff.code, index]))
  const columns = createUsageColumns(usages.length)
  const days = rememberDays(calendar)
  for (const [row, usage] of usages.entries()) {
    setUsage(columns, row, present(programs.get(usage.tariffCode), `program of tariff ${usage.tariffCode}`), {
      ...usage,
      periodFrom: days.dateAt(usage.periodStart),
      periodTo: days.dateAt(usage.periodEnd),
      ladderOpeningE4: ladderOpening(usage, days),
    })
  }
  return columns
}

/** A shard's accounts share a few borders of periods, so each is converted once. */
function rememberDays(calendar: Calendar): Pick<Calendar, 'dateAt'> {
  const dates = new Map<Instant, LocalDate>()
  return {
    dateAt(instant) {
      const known = dates.get(instant) ?? calendar.dateAt(instant)
      dates.set(instant, known)
      return known
    },
  }
}

function collect(usages: readonly AccountUsage[], rated: BillColumns, tariffs: readonly FrozenTariff[]): RatedSegment {
  const tariffOf = new Map(tariffs.map(({ tariff }) => [tariff.code, tariff]))
  const bills: IssuedBill[] = []
  const exceptions: RatedSegment['exceptions'][number][] = []
  const digest = createHash('sha256')
  let row = -1
  for (const usage of usages) {
    const terms = tariffOf.get(usage.tariffCode)
    if (terms !== undefined) row++
    const hold = terms === undefined ? 'unknown_tariff' : holdCodes[(rated.hold[row] ?? 0) - 1]
    if (hold !== undefined) {
      const detail = `${hold} under tariff ${usage.tariffCode}`
      exceptions.push({ accountId: usage.accountId, code: hold, detail })
      digest.update(`${usage.accountId},held,${hold}\n`)
      continue
    }
    const bill = toBill(usage, rated, row, bills.length, present(terms, `tariff ${usage.tariffCode}`))
    bills.push(bill)
    digest.update(`${billLine(bill)}\n`)
  }
  return {
    bills,
    exceptions,
    totals: {
      bills: bills.length,
      exceptions: exceptions.length,
      energyE4: bills.reduce((sum, bill) => sum + bill.energyE4, 0n),
      amountFen: bills.reduce((sum, bill) => sum + bill.amountFen, 0n),
      digest: digest.digest(),
    },
  }
}

function toBill(
  usage: AccountUsage,
  rated: BillColumns,
  row: number,
  ordinal: number,
  tariff: FrozenTariff['tariff'],
): IssuedBill {
  return {
    ordinal,
    accountId: usage.accountId,
    periodStart: usage.periodStart,
    periodEnd: usage.periodEnd,
    energyE4: usage.energyE4,
    amountFen: BigInt(rated.amountFen[row] ?? 0),
    ladderEnergyE4: BigInt(rated.ladderEnergyE4[row] ?? 0),
    estimated: usage.estimated,
    lines: linesOf(rated, row),
    tariffCode: tariff.code,
    tariffVersion: tariff.version,
    linesSha256: rated.linesSha256.subarray(32 * row, 32 * row + 32),
  }
}

function linesOf(rated: BillColumns, row: number): readonly ChargeLine[] {
  const start = rated.lineStart[row] ?? 0
  const end = rated.lineStart[row + 1] ?? 0
  return Array.from({ length: end - start }, (_, index) => ({
    component: rated.lineComponent[start + index] ?? 0,
    slot: rated.lineSlot[start + index] ?? 0,
    block: rated.lineBlock[start + index] ?? 0,
    quantityE4: BigInt(rated.lineQuantityE4[start + index] ?? 0),
    priceE8: BigInt(rated.linePriceE8[start + index] ?? 0),
    amountFen: BigInt(rated.lineFen[start + index] ?? 0),
  }))
}

function billLine(bill: IssuedBill): string {
  return [
    bill.accountId,
    bill.periodStart,
    bill.periodEnd,
    bill.energyE4,
    bill.amountFen,
    bill.ladderEnergyE4,
    bill.estimated,
    bill.tariffCode,
    bill.tariffVersion,
    Buffer.from(bill.linesSha256).toString('hex'),
  ].join(',')
}
