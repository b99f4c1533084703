import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { packageRoot } from '../../console/package-root.js'
import { Decimal } from '../../domain/decimal.js'
import { type Instant, minuteMs } from '../../domain/time.js'

export const halfHourMs = 30 * minuteMs

/** A half hour that a household used, kWh e4. */
export interface HalfHour {
  readonly start: Instant
  readonly energyE4: bigint
}

/** Households of the Low Carbon London trial: test/fixtures/README.md. The meters show thousandths; what is beyond them is float noise. */
export function londonHalfHours(): ReadonlyMap<string, readonly HalfHour[]> {
  const text = readFileSync(join(packageRoot, 'test', 'fixtures', 'lcl-half-hours-2013.csv'), 'utf8')
  const rows = parse(text, { columns: true }) as readonly Readonly<Record<string, string>>[]
  const households = Object.keys(rows[0] ?? {}).filter((name) => name !== 'tstp')
  return new Map(
    households.map((household) => [
      household,
      rows.map((row) => ({
        start: Date.parse(`${row['tstp']?.replace(' ', 'T')}:00Z`),
        energyE4: BigInt(new Decimal(row[household] ?? '').toDecimalPlaces(3).mul(10_000).toFixed(0)),
      })),
    ]),
  )
}
