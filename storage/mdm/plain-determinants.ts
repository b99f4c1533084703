import type { CopyWriter } from '../copy-writer.js'
import type { Transaction } from '../database.js'
import type { FreezeQuery } from './freeze-segments.js'
import { type PlainReadings, plainRegisters, tariffCodeOf } from './plain-readings.js'

/** A shard's plain accounts with what they are billed on: five energies each, kWh e4 after the multiplier. */
export interface PlainDeterminants {
  readonly readings: PlainReadings
  /** Rows of `readings`, in order. */
  readonly rows: readonly number[]
  readonly energyE4: Float64Array
}

const copyFrom = `copy determinant (set_id, account_id, usage_point_id, tariff_code, settlement_kind, period_start, period_end, ladder_from,
  energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, estimated, meter_ids, multipliers, start_reads, end_reads) from stdin (format binary)`
const fieldCount = 18

/**
 * Plain accounts are settled over the whole period, on one meter read at both of its ends. The writer's room is used from its beginning, for
 * one shard after the other.
 */
export async function copyPlainDeterminants(
  tx: Transaction,
  writer: CopyWriter,
  setId: bigint,
  { periodStart, periodEnd }: Pick<FreezeQuery, 'periodStart' | 'periodEnd'>,
  { readings, rows, energyE4 }: PlainDeterminants,
): Promise<void> {
  writer.length = 0
  const pieces = writer.rowsInPlace(rows.length, (place) => {
    const row = rows[place] ?? 0
    writer.int2(fieldCount)
    writer.int8Field(setId)
    writer.wholeField(readings.accountId[row] ?? 0)
    writer.wholeField(readings.usagePointId[row] ?? 0)
    writer.repeatedText(tariffCodeOf(readings, row))
    writer.repeatedText('regular')
    writer.instantField(periodStart)
    writer.instantField(periodEnd)
    writer.dayField(readings.ladderFromDay[row] ?? 0)
    for (let at = plainRegisters * row; at < plainRegisters * (row + 1); at++) writer.wholeField(energyE4[at] ?? 0)
    writer.boolField(false)
    writer.wholeInt8Items(readings.meterId, row, row + 1)
    writer.int4Items(readings.multiplier, row, row + 1)
    writer.instantItem(periodStart)
    writer.instantItem(periodEnd)
  })
  await tx.copyIn(copyFrom, pieces)
}
