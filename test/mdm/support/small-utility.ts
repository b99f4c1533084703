import type { MeterEntry } from '../../../domain/meter-entries.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { addDays, beijing, hourMs, type Instant } from '../../../domain/time.js'
import { importRegistry } from '../../../mdm/registry/import-registry.js'
import { insertRows } from '../../../storage/insert-rows.js'
import { insertOpeningApproval, readOpeningBatches, takeOpeningLadders } from '../../../storage/registry/openings.js'
import { fromRegisters } from '../../../storage/register-columns.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import type { TestDatabase } from '../../support/database.js'

/** One county with one line, three metered usage points (the third behind 50/5 transformers) and a day in July 2026. */
export const goLive = '2026-07-01T00:00:00+08:00'
export const recordedAt = Date.parse('2026-06-30T20:00:00+08:00')
export const stamp = { actor: 'system', recordedAt }

export function midnight(day: number): Instant {
  return beijing.startOfDay(addDays('2026-07-01', day - 1))
}

export function meterEntry(code: string, address: string): MeterEntry {
  return {
    code,
    protocol: 'dlt645_2007',
    communicationAddress: address,
    model: 'synthetic-single-phase',
    registerDigits: 6,
    registerDecimals: 2,
  }
}

export function smallUtility(): RegistryDocument {
  const from = '2026-01-01T00:00:00+08:00'
  const numbers = ['1', '2', '3']
  return {
    actors: [
      { actor: 'system', displayName: 'Process', kind: 'process' },
      { actor: 'manager-1', displayName: 'Synthetic manager', kind: 'person' },
      { actor: 'crew-1', displayName: 'Synthetic crew', kind: 'person' },
    ],
    organisations: [
      { code: 'county', name: 'County', level: 'county', timeZone: 'Asia/Shanghai', currency: 'CNY', minorDigits: 2 },
    ],
    gridCells: [{ code: 'grid-1', organisation: 'county', name: 'Grid 1', manager: 'manager-1' }],
    transformerAreas: [{ code: 'area-1', organisation: 'county', name: 'Area 1' }],
    lines: [
      {
        code: 'line-1',
        organisation: 'county',
        kind: 'dlt645_tcp',
        settings: { host: '127.0.0.1', port: 9001, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 30 },
      },
    ],
    meters: numbers.map((n) => meterEntry(`meter-${n}`, `00000000000${n}`)),
    usagePoints: numbers.map((n) => ({
      code: `point-${n}`,
      organisation: 'county',
      transformerArea: 'area-1',
      gridCell: 'grid-1',
      supplyAddress: `Synthetic road ${n}`,
    })),
    customers: numbers.map((n) => ({
      code: `customer-${n}`,
      name: `Customer ${n}`,
      kind: 'residential',
      keyAccount: false,
    })),
    accounts: numbers.map((n) => ({ code: `account-${n}`, organisation: 'county', customer: `customer-${n}` })),
    installations: numbers.map((n) => ({ usagePoint: `point-${n}`, meter: `meter-${n}`, line: 'line-1', from })),
    multipliers: numbers.map((n) => ({ usagePoint: `point-${n}`, ctRatio: n === '3' ? 10 : 1, ptRatio: 1, from })),
    agreements: numbers.map((n) => ({
      account: `account-${n}`,
      usagePoint: `point-${n}`,
      tariff: 'sd-residential-tou',
      ladderFrom: '2026-01-01',
      from,
    })),
    contacts: numbers.map((n) => ({
      account: `account-${n}`,
      channel: 'sms',
      address: `+86000000000${n}`,
      consentEvidence: 'contract',
      verified: true,
      from,
    })),
  }
}

/** The small utility after half a year of old books: each account has used 1200.5 kWh of its ladder. */
export function openedUtility(): RegistryDocument {
  const items = ['account-1', 'account-2', 'account-3'].map((account) => {
    return { batch: 'golive', account, kind: 'ladder', energyKwh: '1200.5', ladderMonths: 6 } as const
  })
  const totals = { registersKwh: '0', ladderKwh: '3601.5', estimatesKwh: '0', prepaid: '0', arrears: '0' }
  return {
    ...smallUtility(),
    openingBatches: [{ code: 'golive', asOf: goLive, document: 'sheet 1', itemCount: items.length, ...totals }],
    openingItems: items,
  }
}

/** Puts the old books in force on the evening before they end, by the two who may approve. */
export async function openBooks(database: TestDatabase, approvers: readonly string[]): Promise<void> {
  const console = database.as('console')
  for (const { code, sha256, asOf } of await readOpeningBatches(console))
    for (const approver of approvers)
      await insertOpeningApproval(console, { code, sha256, approver, approvedAt: asOf - 4 * hourMs })
  await takeOpeningLadders(database.as('mdm'))
}

/** A database with the small utility in it and its partitions for the summer. */
export async function importSmallUtility(database: TestDatabase): Promise<void> {
  const mdm = database.as('mdm')
  await mdm.query('select ensure_time_partitions($1, $2)', [toTimestamptz(midnight(-10)), toTimestamptz(midnight(45))])
  const imported = await importRegistry(mdm, smallUtility(), stamp)
  if (!imported.ok) throw new Error(JSON.stringify(imported.error))
}

/** Registers of a two-rate meter whose peak register (tou2) has counted 0.6 of the total. Hundredths of a kWh. */
export function registers(totalHundredths: number): RegisterSet {
  const total = BigInt(totalHundredths)
  const peak = (total * 6n) / 10n
  return { totalE4: total * 100n, touE4: [null, peak * 100n, null, (total - peak) * 100n] }
}

export interface FieldReading {
  readonly meterId: bigint
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source?: number
  readonly recordedAt?: Instant
  /** A further claim under a key that is there. */
  readonly claim?: boolean
}

/** What the head-end would have stored. */
export async function store(database: TestDatabase, readings: readonly FieldReading[]): Promise<void> {
  const rows = readings.map((reading) => ({
    meter_id: reading.meterId,
    quantity: 1,
    read_at: reading.readAt,
    ...fromRegisters(reading.registers),
    source: reading.source ?? 1,
    recorded_at: reading.recordedAt ?? reading.readAt + 600_000,
    claim_digest: `\\x${reading.registers.totalE4.toString(16).padStart(64, '0')}`,
  }))
  const headend = database.as('headend')
  const first = rows.filter((_, index) => readings[index]?.claim !== true)
  const further = rows.filter((_, index) => readings[index]?.claim === true)
  await insertRows(headend, 'insert into reading select * from json_populate_recordset(null::reading, $1)', first)
  await insertRows(
    headend,
    'insert into reading_claim select * from json_populate_recordset(null::reading_claim, $1)',
    further,
  )
}

export async function storeDue(
  database: TestDatabase,
  points: readonly { readonly meterId: bigint; readonly readAt: Instant }[],
) {
  const rows = points.map(({ meterId, readAt }) => ({
    meter_id: meterId,
    read_at: readAt,
    usage_point_id: meterId,
    line_id: 1n,
    recorded_at: readAt,
  }))
  await insertRows(
    database.as('headend'),
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at)
     select meter_id, read_at, usage_point_id, line_id, recorded_at from json_populate_recordset(null::due_read, $1)`,
    rows,
  )
}

export async function storeFailure(
  database: TestDatabase,
  failure: {
    readonly meterId: bigint
    readonly readAt: Instant
    readonly attempt: number
    readonly cause: string
    readonly failedAt: Instant
  },
): Promise<void> {
  await database
    .as('headend')
    .execute('insert into failed_read (meter_id, read_at, attempt, cause, failed_at) values ($1, $2, $3, $4, $5)', [
      failure.meterId,
      toTimestamptz(failure.readAt),
      failure.attempt,
      failure.cause,
      toTimestamptz(failure.failedAt),
    ])
}
