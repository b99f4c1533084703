import type { MeterId, RegisterSet } from '../../domain/reading.js'
import type { UsageClass } from '../../domain/usage-class.js'
import { quantities } from '../../domain/quantities.js'
import type { Segment } from '../../domain/timeline.js'
import type { Instant, LocalDate } from '../../domain/time.js'
import type { Queryable, Transaction } from '../database.js'
import { fromRegisters, type RegisterColumns, toRegisters } from '../register-columns.js'
import { insertRows, type Row } from '../insert-rows.js'
import { ensureTimePartitions } from '../time-series.js'
import { toTimestamptz } from '../type-parsers.js'

export interface Installation {
  readonly meterId: MeterId
  readonly lineId: bigint
}
export interface Agreement {
  readonly usagePointId: bigint
  readonly tariffCode: string
  readonly ladderFrom: LocalDate
  /** Null: as the customer's kind says. */
  readonly usageClass: UsageClass | null
  readonly contractCapacityKva: number | null
}
/** The last revision of one object's timeline; revision 0 with no segments when there is none. */
export interface Timeline<V> {
  readonly revision: number
  readonly segments: readonly Segment<V>[]
}

/** Taken before a change reads what it revises, so that two changes of the registry never build on the same revision. */
export async function lockRegistry(tx: Transaction): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('registry'))")
}

export async function findUsagePoint(client: Queryable, code: string) {
  const [row] = await client.query<{ usage_point_id: bigint; time_zone: string }>(
    `select u.usage_point_id, o.time_zone from usage_point u join organisation o using (organisation_id) where u.code = $1`,
    [code],
  )
  return row === undefined ? null : { usagePointId: row.usage_point_id, timeZone: row.time_zone }
}

export async function findMeter(client: Queryable, code: string) {
  const rows = await client.query<MeterRow>(`${meterColumns} where code = $1`, [code])
  return toMeter(rows)
}

export async function findMeterById(client: Queryable, meterId: MeterId) {
  const rows = await client.query<MeterRow>(`${meterColumns} where meter_id = $1`, [meterId])
  return toMeter(rows)
}

const meterColumns =
  'select meter_id, code, protocol, communication_address, model, register_digits, register_decimals from meter'

interface MeterRow {
  readonly meter_id: bigint
  readonly code: string
  readonly protocol: string
  readonly communication_address: string
  readonly model: string
  readonly register_digits: number
  readonly register_decimals: number
}

function toMeter([row]: readonly MeterRow[]) {
  if (row === undefined) return null
  return {
    meterId: row.meter_id,
    code: row.code,
    protocol: row.protocol,
    communicationAddress: row.communication_address,
    model: row.model,
    registerDigits: row.register_digits,
    registerDecimals: row.register_decimals,
  }
}

export async function findAccount(client: Queryable, code: string) {
  const [row] = await client.query<{ account_id: bigint }>('select account_id from account where code = $1', [code])
  return row?.account_id ?? null
}

export async function findOrganisation(client: Queryable, code: string) {
  const [row] = await client.query<{ organisation_id: bigint }>(
    'select organisation_id from organisation where code = $1',
    [code],
  )
  return row?.organisation_id ?? null
}

export async function findCustomer(client: Queryable, code: string) {
  const [row] = await client.query<{ customer_id: bigint; name: string; kind: string; key_account: boolean }>(
    'select customer_id, name, kind, key_account from customer where code = $1',
    [code],
  )
  return row === undefined
    ? null
    : { customerId: row.customer_id, name: row.name, kind: row.kind, keyAccount: row.key_account }
}

export async function nextMeterId(client: Queryable): Promise<bigint> {
  const [row] = await client.query<{ id: bigint }>('select coalesce(max(meter_id), 0) + 1 as id from meter')
  return row?.id ?? 1n
}
export async function nextCustomerId(client: Queryable): Promise<bigint> {
  const [row] = await client.query<{ id: bigint }>('select coalesce(max(customer_id), 0) + 1 as id from customer')
  return row?.id ?? 1n
}
export async function nextAccountId(client: Queryable): Promise<bigint> {
  const [row] = await client.query<{ id: bigint }>('select coalesce(max(account_id), 0) + 1 as id from account')
  return row?.id ?? 1n
}

interface EffectiveRow {
  readonly revision: number
  readonly effective_from: Instant
  readonly effective_to: Instant | null
}

export async function readInstallations(client: Queryable, usagePointId: bigint): Promise<Timeline<Installation>> {
  const rows = await client.query<EffectiveRow & { meter_id: bigint; line_id: bigint }>(
    `select revision, effective_from, effective_to, meter_id, line_id from installation_timeline
      where usage_point_id = $1
        and revision = (select max(revision) from installation_timeline where usage_point_id = $1)`,
    [usagePointId],
  )
  return toTimeline(rows, (row) => ({ meterId: row.meter_id, lineId: row.line_id }))
}

/** Whether the meter stands anywhere at or after an instant, by the last revisions. */
export async function isInstalledFrom(client: Queryable, meterId: MeterId, at: Instant): Promise<boolean> {
  const rows = await client.query(
    `select from installation_timeline t
      where t.meter_id = $1 and coalesce(t.effective_to, 'infinity') > $2::timestamptz
        and t.revision = (select max(l.revision) from installation_timeline l where l.usage_point_id = t.usage_point_id)`,
    [meterId, toTimestamptz(at)],
  )
  return rows.length > 0
}

export async function readAgreements(client: Queryable, accountId: bigint): Promise<Timeline<Agreement>> {
  const rows = await client.query<AgreementRow>(
    `select revision, effective_from, effective_to, usage_point_id, tariff_code, ladder_from, usage_class, contract_capacity_kva
       from agreement_timeline
      where account_id = $1 and revision = (select max(revision) from agreement_timeline where account_id = $1)`,
    [accountId],
  )
  return toTimeline(rows, toAgreement)
}

/** Every stretch of everybody's agreement at a usage point, by the last revisions. */
export async function readAgreementsAt(client: Queryable, usagePointId: bigint) {
  const rows = await client.query<AgreementRow & { readonly account_id: bigint; readonly account: string }>(
    `select t.revision, t.effective_from, t.effective_to, t.usage_point_id, t.tariff_code, t.ladder_from, t.usage_class, t.contract_capacity_kva,
            t.account_id, a.code as account
       from agreement_timeline t join account a using (account_id)
      where t.usage_point_id = $1
        and t.revision = (select max(n.revision) from agreement_timeline n where n.account_id = t.account_id)
      order by t.effective_from, a.code`,
    [usagePointId],
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    account: row.account,
    from: row.effective_from,
    to: row.effective_to,
    value: toAgreement(row),
  }))
}

/** The agreement as it was first recorded. */
export async function readFirstAgreements(client: Queryable, accountId: bigint): Promise<Timeline<Agreement>> {
  const rows = await client.query<AgreementRow>(
    `select revision, effective_from, effective_to, usage_point_id, tariff_code, ladder_from, usage_class, contract_capacity_kva
       from agreement_timeline
      where account_id = $1 and revision = 1 order by effective_from`,
    [accountId],
  )
  return toTimeline(rows, toAgreement)
}

/** `channel address` of an account as first recorded, sorted. */
export async function readFirstAddresses(client: Queryable, accountId: bigint): Promise<readonly string[]> {
  const rows = await client.query<{ channel: string; address: string }>(
    'select channel, address from contact_timeline where account_id = $1 and revision = 1',
    [accountId],
  )
  return rows.map(({ channel, address }) => `${channel} ${address}`).sort()
}

type AgreementRow = EffectiveRow & {
  readonly usage_point_id: bigint
  readonly tariff_code: string
  readonly ladder_from: LocalDate
  readonly usage_class: UsageClass | null
  readonly contract_capacity_kva: number | null
}

function toAgreement(row: AgreementRow): Agreement {
  return {
    usagePointId: row.usage_point_id,
    tariffCode: row.tariff_code,
    ladderFrom: row.ladder_from,
    usageClass: row.usage_class,
    contractCapacityKva: row.contract_capacity_kva,
  }
}

function toTimeline<R extends EffectiveRow, V>(rows: readonly R[], toValue: (row: R) => V): Timeline<V> {
  const segments = rows.map((row) => ({ from: row.effective_from, to: row.effective_to, value: toValue(row) }))
  return { revision: rows[0]?.revision ?? 0, segments }
}

export async function findMeterExchange(client: Queryable, usagePointId: bigint, at: Instant) {
  const [row] = await client.query<{ old_code: string; new_code: string; document: string }>(
    `select o.code as old_code, n.code as new_code, e.document from meter_exchange_standing e
       join meter o on o.meter_id = e.old_meter_id join meter n on n.meter_id = e.new_meter_id
      where e.usage_point_id = $1 and e.exchanged_at = $2`,
    [usagePointId, toTimestamptz(at)],
  )
  return row === undefined ? null : { oldMeter: row.old_code, newMeter: row.new_code, document: row.document }
}

export function insertMeterExchange(tx: Transaction, row: Row): Promise<number> {
  return insertRows(tx, 'insert into meter_exchange select * from json_populate_recordset(null::meter_exchange, $1)', [
    row,
  ])
}

/** What a person noted of one meter's forward active registers at one instant. */
export interface ManualReading {
  readonly meterId: MeterId
  readonly readAt: Instant
  readonly registers: RegisterSet
  readonly source: number
  readonly document: string
  readonly actor: string
  readonly recordedAt: Instant
  /** The change of master data that it came with, as `noteKey` names it; of a read on site there is none. */
  readonly notedFor?: string
}

export async function insertManualReadings(tx: Transaction, readings: readonly ManualReading[]): Promise<number> {
  // Paper comes late, and on a machine where no node makes partitions.
  for (const { readAt } of readings) await ensureTimePartitions(tx, readAt, readAt + 1)
  const rows = readings.map((reading) => ({
    meter_id: reading.meterId,
    quantity: quantities.forward_active_energy.code,
    read_at: reading.readAt,
    ...fromRegisters(reading.registers),
    source: reading.source,
    document: reading.document,
    actor_id: reading.actor,
    claim_digest: '',
    recorded_at: reading.recordedAt,
    noted_for: reading.notedFor ?? '',
  }))
  return insertRows(
    tx,
    'insert into manual_reading select * from json_populate_recordset(null::manual_reading, $1)',
    rows,
  )
}

export async function readManualReading(
  client: Queryable,
  key: { readonly meterId: MeterId; readonly readAt: Instant; readonly source: number },
): Promise<RegisterSet | null> {
  const [row] = await client.query<RegisterColumns>(
    `select total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4 from manual_reading_standing
      where meter_id = $1 and quantity = $2 and read_at = $3 and source = $4`,
    [key.meterId, quantities.forward_active_energy.code, toTimestamptz(key.readAt), key.source],
  )
  return row === undefined ? null : toRegisters(row)
}
