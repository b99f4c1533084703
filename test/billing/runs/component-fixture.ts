import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordTerms } from '../../../billing/by-account/record-terms.js'
import { registerComponents } from '../../../billing/tariffs/register-components.js'
import { registerTariff } from '../../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../../billing/tariffs/sign-tariff.js'
import { beijing, dayMs, type LocalDate } from '../../../domain/time.js'
import type { Database } from '../../../storage/database.js'
import { insertRows } from '../../../storage/insert-rows.js'
import { checkoutRoot } from '../../architecture/source-files.js'
import type { TestDatabase } from '../../support/database.js'
import { createStillClock } from '../../support/still-clock.js'
import { shippedJson } from '../tariffs/shipped-tariffs.js'

export const componentClock = createStillClock(Date.parse('2026-03-03T10:00:00+08:00'))

/** What an account used in a month, kWh, kvarh and kW. */
export interface MonthUse {
  readonly account: number
  readonly tariff: string
  readonly kwh: number
  /** Registers 1 to 4; all zero where the meter has one register. */
  readonly tou?: readonly [number, number, number, number]
  readonly demandKw?: number | { readonly missing: string }
  readonly reactiveKvarh?: number
  readonly inUseFrom?: LocalDate
  /** What else was frozen of the account, instead of what follows from demand and reactive energy. */
  readonly further?: readonly FurtherQuantity[]
}

/** A row of `determinant_quantity`. */
export interface FurtherQuantity {
  readonly quantity: string
  /** kWh where nothing else is said. */
  readonly unit?: 'kW' | 'kvarh'
  /** Total, and the four registers where there are any. */
  readonly kwh?: readonly number[]
  readonly missing?: string
  readonly insteadOf?: string
  /** The account's own where nothing else is said. */
  readonly otherPoint?: number
}

/** A published price file of a province. */
export function priceFileJson(province: string, name: string): unknown {
  return JSON.parse(
    readFileSync(join(checkoutRoot, 'billing', 'tariffs', 'provinces', province, `${name}.json`), 'utf8'),
  )
}

/** A tariff of the test's own: so many kWh at a price, from January 1 and from a day on at another one. */
export function ownTariff(code: string, changes: object, version: object = {}): object {
  const energy = (price: string) => ({ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price } })
  const common = {
    rounding: { line: { mode: 'half_up', decimals: 2 } },
    posting: { vat: { rate: '0.13' } },
    ...version,
  }
  return {
    format: 'tariff/2',
    code,
    currency: { code: 'CNY', decimals: 2 },
    versions: [
      { version: 1, validFrom: '2026-01-01', validTo: '2026-01-16', components: [energy('0.5')], ...common },
      { version: 2, validFrom: '2026-01-16', components: [energy('0.6')], ...common },
    ],
    ...changes,
  }
}

/** Registers a tariff and has two people sign each of its versions. */
export async function bringIntoForce(database: Database, json: unknown): Promise<void> {
  for (const { code, version } of await registerComponents(database, componentClock, json, { author: 'tariff-1' }))
    for (const actor of ['tariff-2', 'tariff-3']) await signTariff(database, componentClock, { code, version, actor })
}

export async function bringSlotsIntoForce(database: Database, code: Parameters<typeof shippedJson>[0]): Promise<void> {
  const { version } = await registerTariff(database, componentClock, shippedJson(code), { author: 'tariff-1' })
  for (const actor of ['tariff-2', 'tariff-3']) await signTariff(database, componentClock, { code, version, actor })
}

export async function agree(
  database: Database,
  account: string,
  facts: Readonly<Record<string, string | boolean>>,
  on: LocalDate = '2026-01-01',
): Promise<void> {
  const terms = { format: 'terms/1', facts: Object.entries(facts).map(([name, value]) => ({ name, value })) }
  await recordTerms(database, createStillClock(beijing.startOfDay(on)), terms, {
    account,
    actor: 'accountant-1',
    reason: 'contract',
  })
}

const e4 = (value: number) => BigInt(Math.round(value * 10_000))

/** The determinants of local days [from, to), closed as set `setId`. */
export async function freezeUses(
  test: TestDatabase,
  setId: number,
  [from, to]: readonly [LocalDate, LocalDate],
  uses: readonly MonthUse[],
): Promise<void> {
  const owner = test.as('owner')
  const at = (instant: number) => new Date(instant).toISOString()
  const [start, end] = [at(beijing.startOfDay(from)), at(beijing.startOfDay(to))]
  for (const { account, tariff, kwh, tou = [0, 0, 0, 0], inUseFrom = '2025-06-01' } of uses)
    await owner.execute(
      `insert into determinant values ($1, $2::bigint, $2::bigint, $3, 'regular', $4::timestamptz, $5::timestamptz, $6, $7, $8, $9, $10, $11, false, array[$2::bigint], array[1], array[$4::timestamptz], array[$5::timestamptz])`,
      [setId, account, tariff, start, end, inUseFrom, e4(kwh), ...tou.map(e4)],
    )
  await insertRows(
    owner,
    'insert into determinant_quantity select * from json_populate_recordset(null::determinant_quantity, $1)',
    uses.flatMap((use) => quantitiesOf(setId, use)),
  )
  await owner.execute(`insert into determinant_set values ($1, 1, $2, $3, 1, $4, '\\x01', $5)`, [
    setId,
    start,
    end,
    uses.length,
    at(beijing.startOfDay(to) + dayMs),
  ])
}

function quantitiesOf(setId: number, use: MonthUse) {
  return furtherOf(use).map(({ quantity, unit = 'kWh', kwh = [], missing = null, insteadOf = null, otherPoint }) => ({
    set_id: setId,
    account_id: use.account,
    quantity,
    other_point_id: otherPoint ?? use.account,
    usage_point_id: use.account,
    unit,
    ...Object.fromEntries(
      ['total_e4', 'tou1_e4', 'tou2_e4', 'tou3_e4', 'tou4_e4'].flatMap((column, place) => {
        const value = kwh[place]
        return value === undefined ? [] : [[column, e4(value)]]
      }),
    ),
    missing,
    basis: '',
    meter_ids: [],
    multipliers: [],
    start_reads: [],
    end_reads: [],
    start_revisions: [],
    end_revisions: [],
    start_origins: [],
    end_origins: [],
    instead_of: insteadOf,
  }))
}

function furtherOf({ kwh, demandKw, reactiveKvarh, further }: MonthUse): readonly FurtherQuantity[] {
  if (further !== undefined) return further
  if (demandKw === undefined && reactiveKvarh === undefined) return []
  const demand = typeof demandKw === 'object' ? demandKw : { kwh: [demandKw ?? 0] }
  return [
    { quantity: 'active_energy', kwh: [kwh] },
    ...(demandKw === undefined ? [] : [{ quantity: 'demand_max', unit: 'kW', ...demand } as const]),
    ...(reactiveKvarh === undefined
      ? []
      : [{ quantity: 'power_factor_reactive', unit: 'kvarh', kwh: [reactiveKvarh] } as const]),
  ]
}
