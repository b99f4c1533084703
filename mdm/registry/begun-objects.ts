import type { Instant } from '../../domain/time.js'
import type { Row } from '../../storage/insert-rows.js'
import type { RegistryRows, RegistryTableName } from '../../storage/registry/tables.js'
import { plainText } from './document-lists.js'

/**
 * Rows of what had begun by an instant. A usage point, meter or account begins with the first of what is dated about it; one of which
 * nothing is dated was there always, and a customer begins with the first of their accounts. Outages count while they last.
 */
export function begunBy(rows: RegistryRows, at: Instant): RegistryRows {
  const begun = (id: string, dates: Dates) => {
    const first = firstDates(rows, id, dates)
    return (row: Row): boolean => (first.get(plainText(row[id])) ?? Number.NEGATIVE_INFINITY) <= at
  }
  const isPointBegun = begun('usage_point_id', pointDates)
  const isMeterBegun = begun('meter_id', {
    installation_timeline: 'effective_from',
    meter_verification: 'verified_on',
    field_event: 'occurred_at',
  })
  const isAccountBegun = begun('account_id', {
    agreement_timeline: 'effective_from',
    contact_timeline: 'effective_from',
  })
  const accounts = rows.account.filter(isAccountBegun)
  const [all, there] = [rows.account, accounts].map((some) => new Set(some.map((row) => row['customer_id'])))
  const batches = rows.opening_batch.filter((row) => instantIn(row.as_of) <= at)
  const codes = new Set(batches.map(({ code }) => code))
  return {
    ...rows,
    usage_point: rows.usage_point.filter(isPointBegun),
    meter: rows.meter.filter(isMeterBegun),
    account: accounts,
    customer: rows.customer.filter(({ customer_id: id }) => there?.has(id) === true || all?.has(id) !== true),
    meter_verification: rows.meter_verification.filter((row) => instantIn(row.verified_on) <= at),
    field_event: rows.field_event.filter((row) => instantIn(row.occurred_at) <= at),
    planned_outage: rows.planned_outage.filter(
      (row) => instantIn(row.starts_at) <= at && at < instantIn(row['ends_at']),
    ),
    opening_batch: batches,
    opening_item: rows.opening_item.filter((row) => codes.has(row['batch'] ?? null) && isAccountBegun(row)),
  }
}

/** The column of a table that says when something about an object begins. */
type Dates = Readonly<Partial<Record<RegistryTableName, string>>>
const pointDates: Dates = {
  installation_timeline: 'effective_from',
  multiplier_timeline: 'effective_from',
  agreement_timeline: 'effective_from',
  suspension_timeline: 'effective_from',
  reading_day_timeline: 'effective_from',
  relation_timeline: 'effective_from',
  area_supply_timeline: 'effective_from',
  flow_timeline: 'effective_from',
  transformer_timeline: 'effective_from',
}

function firstDates(rows: RegistryRows, id: string, dates: Dates): ReadonlyMap<string, Instant> {
  const first = new Map<string, Instant>()
  for (const [table, column] of Object.entries(dates)) {
    const stated: readonly Row[] = rows[table as RegistryTableName]
    for (const row of stated) {
      const object = plainText(row[id])
      first.set(object, Math.min(first.get(object) ?? Number.POSITIVE_INFINITY, instantIn(row[column])))
    }
  }
  return first
}

/** Of an instant, or of the first moment of a day. */
function instantIn(value: Row[string] | undefined): Instant {
  return typeof value === 'number' ? value : Date.parse(plainText(value))
}
