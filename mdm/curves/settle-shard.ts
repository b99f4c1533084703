import { type BoundaryColumns, boundaryStates, createBoundaryColumns } from '../../domain/boundary-columns.js'
import { groupBy } from '../../domain/group-by.js'
import type { CurveChannel } from '../../domain/interval-day.js'
import { quantities } from '../../domain/quantities.js'
import { present } from '../../domain/result.js'
import { type Calendar, dayMs, type Instant, type LocalDate } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { readPieces } from '../../storage/mdm/curve-pieces.js'
import { readAcceptedRegisters } from '../../storage/mdm/curve-registers.js'
import type { InstalledMeter } from '../../storage/mdm/curve-registry.js'
import { readLastRevisions, readPastDays } from '../../storage/mdm/interval-day-reads.js'
import { appendIntervalDays, type KeyedDay } from '../../storage/mdm/interval-days.js'
import { type MeterCurve, usualMinutesOf } from './assemble-day.js'
import { hasGap, judgeCurve } from './judge-curve.js'
import { type DayGrid, layDayGrid } from './local-days.js'
import { meterReadings } from './meter-readings.js'
import type { CurvePolicy } from './policy.js'

export interface ShardInput {
  readonly calendar: Calendar
  /** By meter id. */
  readonly installed: readonly InstalledMeter[]
  readonly from: LocalDate
  readonly to: LocalDate
  readonly now: Instant
  readonly policy: CurvePolicy
}

export interface SettledShard {
  readonly days: readonly KeyedDay[]
  readonly open: number
  readonly written: number
}

/** Settles the days [from, to) of some meters of one time zone: their pieces as columns, judged, and what is new appended. */
export async function settleShard(tx: Transaction, input: ShardInput): Promise<SettledShard> {
  const { policy, now } = input
  const curves = await loadCurves(tx, input)
  const core = curves.span
  const withGaps = [
    ...new Set(curves.all.filter(hasGap).map(({ columns, meterAt }) => present(columns.meterIds[meterAt], 'meter'))),
  ]
  const historySpan = { from: core.from - policy.historyDays * dayMs, to: core.from }
  const past = await readPastDays(tx, withGaps, historySpan)
  const days: KeyedDay[] = []
  let open = 0
  for (const curve of curves.all) {
    const meterId = present(curve.columns.meterIds[curve.meterAt], 'meter')
    const channel = present(policy.channels[curve.channelAt], 'channel')
    const judged = judgeCurve(curve, past.get(`${meterId} ${quantities[channel].code}`) ?? [], now, policy)
    open += judged.open
    for (const day of judged.days) days.push({ meterId, channel, day })
  }
  const meterIds = [...new Set(days.map(({ meterId }) => meterId))]
  const last = await readLastRevisions(tx, meterIds, core)
  const written = await appendIntervalDays(tx, days, last, { policyVersion: policy.version, recordedAt: now })
  return { days, open, written }
}

interface LoadedCurves {
  readonly span: { readonly from: Instant; readonly to: Instant }
  readonly all: readonly MeterCurve[]
}

/**
 * The curves of the meters that have pieces. What lies before and behind the days is read for the few whose registers at either end are
 * not known, or that have no piece at all.
 */
async function loadCurves(tx: Transaction, input: ShardInput): Promise<LoadedCurves> {
  const { channels, longestFillMs } = input.policy
  const grid = layDayGrid(input.calendar, input.from, input.to, Math.ceil(longestFillMs / dayMs))
  const spans = groupBy(input.installed, ({ meterId }) => meterId)
  const meterIds = [...spans.keys()]
  const columns = createBoundaryColumns(grid, meterIds, channels.length)
  const [first, last] = [
    present(grid.localDays[grid.margin], 'first day'),
    present(grid.localDays.at(-1 - grid.margin), 'last day'),
  ]
  const span = { from: first.start, to: last.end }
  await readPieces(tx, columns, channels, { meterIds, ...span })
  const whole = { from: grid.from, to: present(grid.localDays.at(-1), 'last day').end }
  const accepted = await readAcceptedRegisters(tx, meterIds, channels, whole)
  const readings = meterIds.map((meterId) =>
    meterReadings(grid, spans.get(meterId) ?? [], accepted.get(meterId) ?? [], channels.length),
  )
  const takeReadings = () => {
    for (const [meterAt, { all }] of readings.entries())
      for (const [boundary, registers] of all) takeReading(columns, meterAt * grid.boundaries + boundary, registers)
  }
  takeReadings()
  const unbounded = meterIds.filter((_, meterAt) => isUnbounded(columns, meterAt, first.first, last.last))
  await readPieces(tx, columns, channels, { meterIds: unbounded, from: whole.from, to: span.from })
  await readPieces(tx, columns, channels, { meterIds: unbounded, from: span.to + 1, to: whole.to })
  takeReadings()
  const all = meterIds.flatMap((meterId, meterAt) => {
    if (!hasPieces(columns, meterAt)) return []
    const meter = present(spans.get(meterId)?.[0], 'installation of the meter')
    const shared = {
      columns,
      grid,
      meterAt,
      width: meter,
      readings: present(readings[meterAt], 'readings of the meter'),
    }
    const usualMinutes = usualMinutesOf(columns, meterAt)
    return channels.flatMap((_channel: CurveChannel, channelAt) =>
      isIdle(columns, grid, meterAt, channelAt) ? [] : [{ ...shared, channelAt, usualMinutes }],
    )
  })
  return { span, all }
}

/** An accepted reading tells a register that no piece tells, or of which pieces say different things. */
function takeReading({ channels }: BoundaryColumns, place: number, registers: readonly (bigint | null)[]): void {
  for (const [channelAt, registerE4] of registers.entries()) {
    const channel = channels[channelAt]
    if (channel === undefined || registerE4 === null || channel.states[place] === boundaryStates.piece) continue
    channel.registersE4[place] = registerE4
    channel.states[place] = boundaryStates.reading
  }
}

function isUnbounded(columns: BoundaryColumns, meterAt: number, first: number, last: number): boolean {
  const base = meterAt * columns.grid.boundaries
  const isKnown = ({ states }: BoundaryColumns['channels'][number], boundary: number) =>
    states[base + boundary] === boundaryStates.piece || states[base + boundary] === boundaryStates.reading
  return !hasPieces(columns, meterAt) || columns.channels.some((each) => !isKnown(each, first) || !isKnown(each, last))
}

function hasPieces({ minutes, grid }: BoundaryColumns, meterAt: number): boolean {
  return minutes.subarray(meterAt * grid.boundaries, (meterAt + 1) * grid.boundaries).some((each) => each > 0)
}

/** A channel that stands at zero all the time is one that the meter does not use. */
function isIdle(columns: BoundaryColumns, grid: DayGrid, meterAt: number, channelAt: number): boolean {
  const { registersE4, states } = present(columns.channels[channelAt], 'channel of the columns')
  const [from, to] = [meterAt * grid.boundaries, (meterAt + 1) * grid.boundaries]
  for (let place = from; place < to; place++) if (registersE4[place] !== 0n) return false
  return channelAt > 0 || states.subarray(from, to).every((state) => state === boundaryStates.unknown)
}
