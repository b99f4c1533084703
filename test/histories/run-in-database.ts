import { groupBy } from '../../domain/group-by.js'
import { readingSources } from '../../domain/reading.js'
import type { RegistryDocument } from '../../domain/registry-document.js'
import { present } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import { beijing, dayMs, type Instant } from '../../domain/time.js'
import { freezeDeterminants } from '../../mdm/determinants/freeze-determinants.js'
import { importRegistry } from '../../mdm/registry/import-registry.js'
import { runValidation } from '../../mdm/validation/run-validation.js'
import type { HistoryClaim, MeterHistory } from '../../simulators/histories/history.js'
import { insertRows } from '../../storage/insert-rows.js'
import { fromRegisters } from '../../storage/register-columns.js'
import { insertManualReadings } from '../../storage/registry/changes.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { smallUtility } from '../mdm/support/small-utility.js'
import type { TestDatabase } from '../support/database.js'
import type { Answer } from './judge.js'
import { historyModel, usageClassOf } from './run-in-memory.js'

/** The claims come in so many portions, and validation runs after each. */
const portions = 3

/** What the product answers for each point of each history when everything goes through the database, in order. */
export async function runInDatabase(
  database: TestDatabase,
  histories: readonly MeterHistory[],
): Promise<readonly (readonly Answer[])[]> {
  const { periodStart, periodEnd, closedAt } = present(histories[0], 'a history')
  await importHistories(database, histories)
  await storeAndValidate(database, histories)
  const now = closedAt + dayMs
  await freezeDeterminants(database.as('mdm'), { organisation: 'county', periodStart, periodEnd, now })
  return readAnswers(database, histories)
}

/** Master data of the histories, each in a transformer area of its own. All of them are of one period. */
export async function importHistories(database: TestDatabase, histories: readonly MeterHistory[]): Promise<void> {
  const mdm = database.as('mdm')
  const { from, to } = spanOf(histories)
  await mdm.query('select ensure_time_partitions($1, $2)', [toTimestamptz(from), toTimestamptz(to)])
  const imported = await importRegistry(mdm, toDocument(histories), { actor: 'system', recordedAt: from })
  if (!imported.ok) throw new Error(JSON.stringify(imported.error).slice(0, 2000))
  await setClasses(database, histories)
}

export async function storeAndValidate(database: TestDatabase, histories: readonly MeterHistory[]): Promise<void> {
  const mdm = database.as('mdm')
  const { from, to } = spanOf(histories)
  const meters = await mdm.query<{ code: string; meter_id: bigint }>('select code, meter_id from meter')
  const meterIds = new Map(meters.map((row) => [row.code, row.meter_id]))
  await storeDuePoints(database, histories, meterIds)
  const claims = histories.flatMap((history) => history.claims).toSorted((a, b) => a.arrivedAt - b.arrivedAt)
  const portion = Math.ceil(claims.length / portions)
  for (let start = 0; start < claims.length; start += portion) {
    const some = claims.slice(start, start + portion)
    await storeClaims(database, some, claims.slice(0, start), meterIds)
    const now = Math.max(...some.map(({ arrivedAt }) => arrivedAt)) + 1000
    await runValidation(mdm, { from, to, now })
  }
  await storeEstimates(database, histories, meterIds, to)
}

function spanOf(histories: readonly MeterHistory[]): { readonly from: Instant; readonly to: Instant } {
  const { periodStart, closedAt } = present(histories[0], 'a history')
  return { from: periodStart - 40 * dayMs, to: closedAt + dayMs }
}

function toDocument(histories: readonly MeterHistory[]): RegistryDocument {
  const small = smallUtility()
  const points = histories.flatMap((history) =>
    history.points.map((point, index) => ({ point, code: pointCode(history, index), area: `area-${history.number}` })),
  )
  const iso = (instant: Instant) => new Date(instant).toISOString()
  const span = ({ from, to }: { readonly from: Instant; readonly to: Instant | null }) =>
    to === null ? { from: iso(from) } : { from: iso(from), to: iso(to) }
  const meters = histories.flatMap((history) => history.meters)
  const long = '2019-01-01T00:00:00+08:00'
  return {
    ...small,
    transformerAreas: histories.map(({ number }) => {
      return { code: `area-${number}`, organisation: 'county', name: `Area ${number}` }
    }),
    meters: meters.map(({ meterId, registerDigits, registerDecimals }, index) => ({
      code: meterCode(meterId),
      protocol: 'dlt645_2007',
      communicationAddress: String(index + 1).padStart(12, '0'),
      model: historyModel,
      registerDigits,
      registerDecimals,
    })),
    usagePoints: points.map(({ code, area }) => ({
      code,
      organisation: 'county',
      transformerArea: area,
      gridCell: 'grid-1',
      supplyAddress: 'Synthetic road',
    })),
    customers: points.map(({ code }) => ({ code, name: 'Synthetic', kind: 'residential', keyAccount: false })),
    accounts: points.map(({ code }) => ({ code, organisation: 'county', customer: code })),
    installations: points.flatMap(({ point, code }) =>
      point.installations.map((one) => {
        return { usagePoint: code, meter: meterCode(one.value), line: 'line-1', ...span(one) }
      }),
    ),
    multipliers: points.flatMap(({ point, code }) =>
      point.multipliers.map((one) => ({ usagePoint: code, ctRatio: one.value, ptRatio: 1, ...span(one) })),
    ),
    agreements: points.map(({ code }) => {
      return { account: code, usagePoint: code, tariff: 'sd-residential-tou', ladderFrom: '2026-01-01', from: long }
    }),
    contacts: [],
  }
}

async function setClasses(database: TestDatabase, histories: readonly MeterHistory[]): Promise<void> {
  const classes = histories.flatMap((history) =>
    history.points.map((point, index) => [pointCode(history, index), usageClassOf(point)] as const),
  )
  await database.as('owner').execute(
    `update agreement_timeline t set usage_class = c.class, contract_capacity_kva = 1000
       from account a, unnest($1::text[], $2::text[]) as c (code, class)
      where a.account_id = t.account_id and a.code = c.code`,
    [classes.map(([code]) => code), classes.map(([, usageClass]) => usageClass)],
  )
}

/** Live reads are looked up by the due points that they serve. */
async function storeDuePoints(
  database: TestDatabase,
  histories: readonly MeterHistory[],
  meterIds: ReadonlyMap<string, bigint>,
): Promise<void> {
  const live = histories.flatMap(({ claims }) => claims.filter(({ source }) => source === 'live'))
  const due = [...new Set(live.map(({ meterId, readAt }) => `${meterId} ${beijing.startOfDayAt(readAt)}`))].map(
    (key) => {
      const [meterId = '', readAt = ''] = key.split(' ')
      return { meter_id: idOf(meterIds, BigInt(meterId)), read_at: Number(readAt) }
    },
  )
  await insertRows(
    database.as('headend'),
    `insert into due_read (meter_id, read_at, usage_point_id, line_id, recorded_at)
     select meter_id, read_at, 1, 1, read_at from json_populate_recordset(null::due_read, $1)`,
    due,
  )
}

/** The first value of a key is its reading, other values are further claims; the same value again is dropped, as ingestion does. */
async function storeClaims(
  database: TestDatabase,
  claims: readonly HistoryClaim[],
  earlier: readonly HistoryClaim[],
  meterIds: ReadonlyMap<string, bigint>,
): Promise<void> {
  const byWire = (one: HistoryClaim) => one.source !== 'exchange' && one.source !== 'field'
  const known = groupBy(earlier.filter(byWire), keyOf)
  const kept = [...groupBy(claims.filter(byWire), keyOf)].flatMap(([key, group]) => {
    const before = known.get(key) ?? []
    const fresh = [...before, ...group].filter(
      (one, index, all) => all.findIndex((other) => sameRegisters(other.registers, one.registers)) === index,
    )
    return fresh.map((one, index) => ({ one, isFirst: index === 0 })).filter(({ one }) => group.includes(one))
  })
  const toRow = ({ meterId, readAt, registers, source, arrivedAt }: HistoryClaim) => ({
    meter_id: idOf(meterIds, meterId),
    quantity: 1,
    read_at: readAt,
    ...fromRegisters(registers),
    source: readingSources[source],
    recorded_at: arrivedAt,
    claim_digest: `\\x${registers.totalE4.toString(16).padStart(64, '0')}`,
  })
  const headend = database.as('headend')
  const rows = (isFirst: boolean) => kept.filter((each) => each.isFirst === isFirst).map(({ one }) => toRow(one))
  await insertRows(headend, 'insert into reading select * from json_populate_recordset(null::reading, $1)', rows(true))
  await insertRows(
    headend,
    'insert into reading_claim select * from json_populate_recordset(null::reading_claim, $1)',
    rows(false),
  )
  const manual = claims
    .filter((one) => !byWire(one))
    .map(({ meterId, readAt, registers, source, arrivedAt }) => ({
      meterId: idOf(meterIds, meterId),
      readAt,
      registers,
      source: readingSources[source],
      document: 'synthetic note',
      actor: 'system',
      recordedAt: arrivedAt,
    }))
  await database.as('mdm').transaction((tx) => insertManualReadings(tx, manual))
}

async function storeEstimates(
  database: TestDatabase,
  histories: readonly MeterHistory[],
  meterIds: ReadonlyMap<string, bigint>,
  recordedAt: Instant,
): Promise<void> {
  const rows = histories.flatMap(({ estimates }) =>
    estimates.map(({ meterId, readAt, registers }) => ({
      meter_id: idOf(meterIds, meterId),
      quantity: 1,
      read_at: readAt,
      revision: 1,
      verdict: 'estimated',
      ...fromRegisters(registers),
      rules: [],
      reason: 'synthetic estimate',
      recorded_at: recordedAt,
    })),
  )
  await insertRows(
    database.as('mdm'),
    'insert into validation_decision select * from json_populate_recordset(null::validation_decision, $1)',
    rows,
  )
}

/** What the last freeze says. */
export async function readAnswers(
  database: TestDatabase,
  histories: readonly MeterHistory[],
): Promise<readonly (readonly Answer[])[]> {
  const mdm = database.as('mdm')
  const held = await mdm.query<{ account: string; code: string }>(
    `select a.code as account, h.code from determinant_hold h join account a using (account_id)
      where h.set_id = (select max(set_id) from determinant_set)`,
  )
  const released = await mdm.query<{ account: string; energies: readonly bigint[] }>(
    `select a.code as account, array[energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4] as energies
       from determinant join account a using (account_id) where set_id = (select max(set_id) from determinant_set)`,
  )
  const answers = new Map<string, Answer>([
    ...held.map(({ account, code }) => [account, { held: code }] as const),
    ...released.map(({ account, energies }) => [account, { released: energies.map(BigInt) }] as const),
  ])
  return histories.map((history) =>
    history.points.map((_, index) => present(answers.get(pointCode(history, index)), 'an answer for each account')),
  )
}

/** The code of the hold, or the energies kWh e4: total, tou1…tou4. */
export function describeAnswer(answer: Answer | undefined): string {
  if (answer === undefined) return 'no answer'
  return 'held' in answer ? answer.held : answer.released.join(' ')
}

function keyOf({ meterId, readAt }: HistoryClaim): string {
  return `${meterId} ${readAt}`
}

function meterCode(meterId: bigint): string {
  return `meter-${meterId}`
}

function pointCode({ number }: MeterHistory, index: number): string {
  return `point-${number}-${index}`
}

function idOf(meterIds: ReadonlyMap<string, bigint>, meterId: bigint): bigint {
  return present(meterIds.get(meterCode(meterId)), `meter ${meterId}`)
}
