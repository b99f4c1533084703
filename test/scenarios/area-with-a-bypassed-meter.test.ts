import t from 'tap'
import { present } from '../../domain/result.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import { addDays, beijing, type LocalDate } from '../../domain/time.js'
import { settleLosses } from '../../mdm/losses/settle-losses.js'
import { importRegistry } from '../../mdm/registry/import-registry.js'
import { slotEnergiesE4 } from '../../simulators/load/slot-load.js'
import { insertRows, type Row } from '../../storage/insert-rows.js'
import { listAreaLosses } from '../../storage/mdm/area-losses.js'
import { openExceptions } from '../../mdm/exceptions/open-exceptions.js'
import { lossRows } from '../../console/losses/loss-rows.js'
import { type TestDatabase, withDatabase } from '../support/database.js'
import { meterEntry, smallUtility, stamp } from '../mdm/support/small-utility.js'
import { toTimestamptz } from '../../storage/type-parsers.js'

const seed = 7
const homes = 30
const days = 14
const firstDay: LocalDate = '2026-07-01'
/** From this day on the meter of home 5 counts a tenth of what flows past it. */
const bypassedFrom: LocalDate = '2026-07-08'
const bypassed = 5
const from = '2026-01-01T00:00:00+08:00'
const now = beijing.startOfDay('2026-07-16')

/** One area with a supply meter (meter-1) and homes behind it, all of which the simulator's households live in. */
function area() {
  const base = smallUtility()
  const numbers = Array.from({ length: homes + 1 }, (_, index) => String(index + 1))
  const [point, customer, account, installation, multiplier, agreement] = [
    present(base.usagePoints[0], 'a usage point'),
    present(base.customers[0], 'a customer'),
    present(base.accounts[0], 'an account'),
    present(base.installations[0], 'an installation'),
    present(base.multipliers[0], 'a multiplier'),
    present(base.agreements[0], 'an agreement'),
  ]
  return {
    ...base,
    meters: numbers.map((n) => meterEntry(`meter-${n}`, n.padStart(12, '0'))),
    usagePoints: numbers.map((n) => ({ ...point, code: `point-${n}` })),
    customers: numbers.map((n) => ({ ...customer, code: `customer-${n}` })),
    accounts: numbers.map((n) => ({ ...account, code: `account-${n}`, customer: `customer-${n}` })),
    installations: numbers.map((n) => ({ ...installation, usagePoint: `point-${n}`, meter: `meter-${n}` })),
    multipliers: numbers.map((n) => ({ ...multiplier, usagePoint: `point-${n}` })),
    agreements: numbers.slice(1).map((n) => ({ ...agreement, account: `account-${n}`, usagePoint: `point-${n}` })),
    contacts: [],
    areaSupplies: [{ transformerArea: 'area-1', usagePoint: 'point-1', from }],
  }
}

/** kWh e4 that flow to a home in a day. */
function dayUseE4(home: number, date: LocalDate): bigint {
  const load = {
    usagePoint: `point-${home}`,
    customerClass: 'residential',
    monthlyE4: BigInt(150 + home * 10) * 10_000n,
  } as const
  return slotEnergiesE4(createSeededRandom(seed), load, date).reduce((sum, energyE4) => sum + energyE4, 0n)
}

/** Decided registers of every midnight; the supply meter counts what flows, and 4 % that the wires lose. */
function registersOfAllMidnights() {
  const registers = new Map<number, bigint>()
  const rows: Row[] = []
  const note = (meter: number, date: LocalDate) => {
    rows.push({
      meter_id: meter,
      quantity: 1,
      read_at: beijing.startOfDay(date),
      revision: 1,
      verdict: 'accepted',
      total_e4: ((registers.get(meter) ?? 0n) / 100n) * 100n,
      source: 1,
      rules: [],
      reason: '',
      recorded_at: beijing.startOfDay(date) + 3_600_000,
    })
  }
  for (let day = 0; day <= days; day++) {
    const date = addDays(firstDay, day)
    for (let meter = 1; meter <= homes + 1; meter++) note(meter, date)
    let flowed = 0n
    for (let home = 2; home <= homes + 1; home++) {
      const usedE4 = dayUseE4(home, date)
      flowed += usedE4
      const countedE4 = home === bypassed && date >= bypassedFrom ? usedE4 / 10n : usedE4
      registers.set(home, (registers.get(home) ?? 0n) + countedE4)
    }
    registers.set(1, (registers.get(1) ?? 0n) + (flowed * 104n) / 100n)
  }
  return rows
}

async function build(database: TestDatabase, change: (row: Row) => Row | null): Promise<void> {
  const mdm = database.as('mdm')
  await mdm.query('select ensure_time_partitions($1, $2)', [
    toTimestamptz(beijing.startOfDay('2026-06-20')),
    toTimestamptz(beijing.startOfDay('2026-08-01')),
  ])
  const imported = await importRegistry(mdm, area(), stamp)
  if (!imported.ok) throw new Error(JSON.stringify(imported.error))
  const rows = registersOfAllMidnights().flatMap((row): readonly Row[] => {
    const changed = change(row)
    return changed === null ? [] : [changed]
  })
  await insertRows(
    mdm,
    'insert into validation_decision select * from json_populate_recordset(null::validation_decision, $1)',
    rows,
  )
}

const settle = { from: firstDay, to: addDays(firstDay, days), organisationId: null, now, actor: 'system' }

t.test('the loss of an area shows the day on which a meter was bypassed', async (t) => {
  // Given thirty homes behind one supply meter, and one of them bypassed from the 8th on.
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  await build(database, (row) => row)
  // When the losses of two weeks are worked out.
  const settled = await settleLosses(mdm, settle)
  // Then each day before is in band, and the bypass stands out at once.
  t.equal(settled.areaDays, days)
  for (let day = 0; day < days; day++) {
    const date = addDays(firstDay, day)
    const [row] = lossRows(await listAreaLosses(database.as('reader'), date), 'area')
    const rate = Number(row?.lossPercent)
    t.ok(date < bypassedFrom ? rate > 3.8 && rate < 3.9 : rate > 5.4 && rate < 6.6, `${date}: ${rate} %`)
    t.match(row, {
      verdict: date < bypassedFrom ? 'in_band' : 'above',
      soldEstimatedPercent: '0.00',
      soldMissingPercent: '0.00',
      soldPoints: homes,
    })
  }
  // And nothing is said twice, and the queue has one exception for each day out of band.
  t.same(await settleLosses(mdm, settle), { ...settled, written: 0 })
  t.same(settled.verdicts, { in_band: 7, above: 7 })
  await openExceptions(mdm, { actor: 'system', now })
  t.match(await mdm.query(`select count(*)::integer as count from exception where kind = 'area_loss'`), [{ count: 7 }])
})

t.test('estimates and gaps on the sold side are told, and what comes later is told anew', async (t) => {
  // Given home 7 estimated on the 4th, home 9 missing on the 6th, and the supply meter missing on the 11th.
  const database = await withDatabase(t)
  const mdm = database.as('mdm')
  const is = (row: Row, meter: number, date: LocalDate) =>
    row['meter_id'] === meter && row['read_at'] === beijing.startOfDay(date)
  let late: readonly Row[] = []
  await build(database, (row) => {
    if (is(row, 7, '2026-07-04')) return { ...row, verdict: 'estimated', source: null }
    if (!is(row, 9, '2026-07-06') && !is(row, 1, '2026-07-11')) return row
    late = [...late, row]
    return null
  })
  await settleLosses(mdm, settle)
  const verdicts = async () => {
    const rows = await mdm.query<{ verdict: string }>('select verdict from area_loss_latest order by service_date')
    return rows.map(({ verdict }) => verdict).join(' ')
  }
  // Then the days that touch them say so: nobody is accused of what was not read.
  const [estimated] = lossRows(await listAreaLosses(database.as('reader'), '2026-07-03'), 'area')
  t.match(estimated, { estimatedPoints: 1, missingPoints: 0, verdict: 'in_band' })
  t.ok(
    Number(estimated?.soldEstimatedPercent) > 1,
    `${estimated?.soldEstimatedPercent} % of the sold side is estimated`,
  )
  const [missing] = lossRows(await listAreaLosses(database.as('reader'), '2026-07-05'), 'organisation')
  t.match(missing, { code: 'county', missingPoints: 1, soldMissingPercent: '3.33', outOfBandAreas: 0 })
  t.equal(
    await verdicts(),
    'in_band in_band in_band in_band incomplete incomplete in_band above above unknown unknown above above above',
  )
  // When the readings come after all, their days are written again, and those whose usual loss they are.
  await insertRows(
    mdm,
    'insert into validation_decision select * from json_populate_recordset(null::validation_decision, $1)',
    late,
  )
  const again = await settleLosses(mdm, settle)
  t.ok(again.written >= 4, `${again.written} revisions`)
  t.equal(
    await verdicts(),
    'in_band in_band in_band in_band in_band in_band in_band above above above above above above above',
  )
})
