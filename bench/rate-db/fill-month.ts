import { quantities } from '../../domain/quantities.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { CopyWriter } from '../../storage/copy-writer.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { days, energyE4, points, pointsPerDay } from '../rate-kernel/interval-case.js'
import { monthEnd, monthStart, multiplierSql, tariffCode } from './month-case.js'

const connections = 2
const [from, to] = [`'${toTimestamptz(monthStart)}'::timestamptz`, `'${toTimestamptz(monthEnd)}'::timestamptz`]

/** After the interval days: accounts with a meter each and a closed determinant set that names their interval days, as a freeze leaves it. @returns the set */
export async function fillSet(owner: Database, accounts: number): Promise<bigint> {
  const sums = 'select meter_id as n, sum(sum_e4)::bigint as sum_e4 from interval_day group by meter_id'
  const statements = [
    `insert into actor values ('bench', 'bench', 'process', 'epoch')`,
    `insert into organisation values (1, 'city', null, 'c', 'city', 'Asia/Shanghai', 'CNY', 2)`,
    `insert into customer select n, 'customer-' || n, 'c', 'commercial', false from generate_series(1, $1::bigint) n`,
    `insert into account select n, 1, 'account-' || n, n from generate_series(1, $1::bigint) n`,
    `insert into determinant
     select 1, n, n, '${tariffCode}', 'regular', ${from}, ${to}, '2026-01-01', sum_e4 * ${multiplierSql('n')}, 0, 0, 0, 0, false,
            array[n], array[${multiplierSql('n')}], array[${from}], array[${to}]
       from (${sums}) s`,
    `insert into determinant_quantity (set_id, account_id, quantity, other_point_id, usage_point_id, unit, total_e4, basis, meter_ids, multipliers,
            start_reads, end_reads, start_revisions, end_revisions, start_origins, end_origins)
     select 1, n, 'interval_days', n, n, 'kWh', sum_e4 * ${multiplierSql('n')}, '${days} days, 0 of them filled in part',
            array[n], array[${multiplierSql('n')}], array[${from}], array[${to}], array[1], array[1], array['read'], array['read']
       from (${sums}) s`,
    `insert into determinant_set values (1, 1, ${from}, ${to}, 1, $1, sha256('bench'), ${to})`,
    'analyze account, determinant, determinant_quantity',
  ]
  for (const statement of statements) await owner.execute(statement, statement.includes('$1') ? [accounts] : [])
  return 1n
}

/** A day of a meter; `energies` (e4) is the same array for all of them. */
interface MeterDay {
  readonly meter: number
  readonly start: Instant
  readonly energies: Int32Array
  readonly sumE4: number
}
type WriteRow = (writer: CopyWriter, day: MeterDay) => void

/** Rows of a table, a day of all meters after the other, as nights bring them; two connections take half of the meters each. */
export async function fillDays(owner: Database, copy: string, meters: number, write: WriteRow): Promise<void> {
  const share = Math.ceil(meters / connections)
  const parts = Array.from({ length: connections }, (_, part) => [
    part * share + 1,
    Math.min(meters, (part + 1) * share),
  ])
  for (let day = 0; day < days; day++) {
    await Promise.all(parts.map(([first = 1, last = 0]) => owner.copyIn(copy, rowsOf(day, first, last, write))))
    if (day % 8 === 7) await owner.execute('checkpoint')
  }
}

/** Energies (e4) of the day that is being written. */
const energies = new Int32Array(pointsPerDay)

function* rowsOf(day: number, first: number, last: number, write: WriteRow): Generator<Buffer> {
  const writer = new CopyWriter()
  writer.begin()
  for (let meter = first; meter <= last; meter++) {
    let sumE4 = 0
    let value = energyE4((meter - 1) * points + day * pointsPerDay)
    for (let point = 0; point < pointsPerDay; point++) {
      energies[point] = value
      sumE4 += value
      value = (value + 7919) % 20_011
    }
    write(writer, { meter, start: monthStart + day * dayMs, energies, sumE4 })
    if (writer.isFull()) yield writer.take()
  }
  writer.end()
  yield writer.take()
}

const energyBytes = new Uint8Array(energies.buffer)
const qualities = new Uint8Array(pointsPerDay)
const digest = new Uint8Array(32)

/** The interval days that settling leaves. */
export async function fillIntervalDays(owner: Database, meters: number): Promise<void> {
  const copy = `copy interval_day (meter_id, channel, day_start, revision, service_date, slot_minutes, slot_count, values_e4, qualities,
    start_e4, end_e4, sum_e4, difference_e4, verdict, rules, reason, content_digest, policy_version, recorded_at) from stdin (format binary)`
  await fillDays(owner, copy, meters, (writer, { meter, start, sumE4 }) => {
    writer.int2(19)
    writer.wholeField(meter)
    int2Field(writer, quantities.forward_active_energy.code)
    writer.instantField(start)
    writer.int4Field(1)
    writer.dateField(new Date(start + dayMs / 2).toISOString().slice(0, 10))
    int2Field(writer, 1440 / pointsPerDay)
    int2Field(writer, pointsPerDay)
    writer.bytesField(energyBytes)
    writer.bytesField(qualities)
    writer.wholeField(0)
    writer.wholeField(sumE4)
    writer.wholeField(sumE4)
    writer.wholeField(0)
    writer.text('complete')
    writer.textArray([])
    writer.text('')
    writer.bytesField(digest)
    writer.text('built-in/1')
    writer.instantField(start + dayMs + dayMs / 3)
  })
  // As autovacuum leaves what came night by night; the peers' tables are left the same way.
  await owner.execute('vacuum (analyze) interval_day')
  await owner.execute('checkpoint')
}

function int2Field(writer: CopyWriter, value: number): void {
  writer.int4(2)
  writer.int2(value)
}
