import { invariant } from '../../domain/result.js'
import { loadPeer } from '../install-peers.js'
import { pointsPerDay, points, slotPricesE8, spotPriceE8 } from './interval-case.js'

/** The part of DuckDB's interface that the bench uses. */
interface Duckdb {
  readonly DuckDBInstance: {
    readonly create: (path: string, options: Readonly<Record<string, string>>) => Promise<Instance>
  }
}
interface Instance {
  readonly connect: () => Promise<Connection>
  readonly closeSync: () => void
}
interface Connection {
  readonly run: (sql: string) => Promise<unknown>
  readonly runAndReadAll: (sql: string) => Promise<{ readonly getRows: () => readonly (readonly unknown[])[] }>
  readonly closeSync: () => void
}

/** DuckDB with the readings in its own columns. Each case has several plans; the fastest counts. */
export interface DuckdbPeer {
  readonly plans: Readonly<Record<'tou' | 'spot', readonly string[]>>
  /** Runs a plan into a table of its own. */
  readonly run: (plan: string) => Promise<void>
  /** Fen of the last plan, ordered by account (and slot). */
  readonly fen: () => Promise<readonly number[]>
  readonly close: () => void
}

/** Energies are DECIMAL(9,4) and prices DECIMAL, so that its sums are as exact as ours. */
export async function startDuckdb(accounts: number, threads: number): Promise<DuckdbPeer> {
  const { DuckDBInstance } = loadPeer('@duckdb/node-api') as Duckdb
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  // Sharp 17–19, peak 8–11:30, 14–17, 19–21, valley 23–7, 11:30–12:30, flat the rest, by quarter of an hour.
  const slot = `case when q between 68 and 75 then 0 when q between 32 and 45 or q between 56 and 67 or q between 76 and 83 then 1
                     when q >= 92 or q < 28 or q between 46 and 49 then 2 else 3 end`
  await connection.run(`create table reading as
    select (n // ${points})::integer as account, (n % ${points})::smallint as point,
           (${slot.replaceAll('q', `(n % ${points} % ${pointsPerDay})`)})::utinyint as slot,
           (((n * 7919) % 20011)::decimal(9,0) / 10000)::decimal(9,4) as kwh
      from range(${accounts * points}) t(n)`)
  await connection.run(`create table slot_price(slot utinyint, price decimal(9,8))`)
  const [sharp, peak, flat, valley] = slotPricesE8
  for (const [index, priceE8] of [sharp, peak, valley, flat].entries())
    await connection.run(`insert into slot_price values (${index}, ${decimalE8(priceE8)})`)
  await connection.run(`create table spot(point smallint, price decimal(9,8))`)
  const rows = Array.from({ length: points }, (_, point) => `(${point}, ${decimalE8(spotPriceE8(point))})`)
  await connection.run(`insert into spot values ${rows.join(',')}`)
  await connection.run(
    `create table priced as select r.account, r.kwh, s.price from reading r join spot s using (point) order by r.account, r.point`,
  )
  return {
    plans: {
      tou: [
        `select account, slot, round(kwh * price, 2) as yuan
           from (select account, slot, sum(kwh) as kwh from reading group by all) join slot_price using (slot)`,
        `select account, p.slot, round(kwh * price, 2) as yuan from (
           unpivot (select account, ${[0, 1, 2, 3].map((index) => `sum(kwh) filter (where slot = ${index}) as s${index}`).join(', ')}
                      from reading group by account)
             on s0, s1, s2, s3 into name column_name value kwh) u
           join slot_price p on u.column_name = 's' || p.slot`,
        `select account, slot, round(sum(kwh * price), 2) as yuan from reading join slot_price using (slot) group by account, slot`,
      ],
      spot: [
        `select account, 0 as slot, round(sum(kwh * price), 2) as yuan from reading join spot using (point) group by account`,
        `select account, 0 as slot, round(sum(kwh * price), 2) as yuan from priced group by account`,
      ],
    },
    run: async (plan) => {
      await connection.run(`create or replace table result as ${plan}`)
    },
    fen: async () => {
      const reader = await connection.runAndReadAll(`select (yuan * 100)::bigint from result order by account, slot`)
      return reader.getRows().map(([fen]) => Number(fen))
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function decimalE8(priceE8: number): string {
  invariant(priceE8 < 1_000_000_000, 'a price below 10')
  const digits = String(priceE8).padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`
}
