import type { Database } from '../../storage/database.js'
import type { Instant } from '../../domain/time.js'
import { codeOf, type FleetPlan, metersOf, midnightOf, registersOf } from './fleet-plan.js'

export interface Comparison {
  readonly sent: number
  readonly acked: number
  readonly stored: number
  /** What must be empty: one line for each key that breaks a promise, at most `mostShown` of each kind. */
  readonly faults: readonly string[]
}

interface StoredRow {
  readonly meter_id: bigint
  readonly read_at: Instant
  readonly rows: number
  readonly total_e4: bigint
  readonly frames: number
}

const mostShown = 10

/**
 * Compares the witness's journals with the tables: acknowledged ⊆ stored ⊆ sent, each key once, each value the meter's own, each with
 * its frame, and nothing disputed or quarantined.
 */
export async function compareWithTables(
  database: Database,
  plan: FleetPlan,
  journals: { readonly sent: readonly string[]; readonly acked: readonly string[] },
): Promise<Comparison> {
  const rows = await database.query<StoredRow>(
    `select r.meter_id, r.read_at, count(*)::integer as rows, min(r.total_e4) as total_e4, count(f.line_id)::integer as frames
       from reading r left join frame f on (f.line_id, f.line_sequence, f.received_at) = (r.line_id, r.line_sequence, r.frame_received_at)
      where r.quantity = 1 group by r.meter_id, r.read_at`,
  )
  const stored = new Map(rows.map((row) => [keyOf(Number(row.meter_id), row.read_at), row]))
  const sentKeys = readingsOf(plan, journals.sent)
  const ackedKeys = readingsOf(plan, journals.acked)
  const [others] = await database.query<{ readonly claims: number; readonly quarantined: number }>(
    'select (select count(*) from reading_claim)::integer as claims, (select count(*) from quarantine)::integer as quarantined',
  )
  const faults = [
    ...shown(
      'acknowledged and not stored',
      [...ackedKeys.keys()].filter((key) => !stored.has(key)),
    ),
    ...shown(
      'stored and never sent',
      [...stored.keys()].filter((key) => !sentKeys.has(key)),
    ),
    ...shown('stored more than once', rows.filter(({ rows: count }) => count !== 1).map(nameOf)),
    ...shown('without its frame', rows.filter(({ frames }) => frames === 0).map(nameOf)),
    ...shown(
      'another value than the meter had',
      rows.filter((row) => registersOf(Number(row.meter_id), row.read_at).totalE4 !== row.total_e4).map(nameOf),
    ),
    ...(others?.claims === 0 ? [] : [`${others?.claims} disputed claims`]),
    ...(others?.quarantined === 0 ? [] : [`${others?.quarantined} messages in quarantine`]),
  ]
  return { sent: sentKeys.size, acked: ackedKeys.size, stored: stored.size, faults }
}

/** The readings that uploads carry, by meter and midnight. */
function readingsOf(plan: FleetPlan, uploads: readonly string[]): ReadonlySet<string> {
  const concentrators = new Map(
    Array.from({ length: plan.concentrators }, (_, index) => [codeOf(index + 1), index + 1]),
  )
  return new Set(
    uploads.flatMap((name) => {
      const [code = '', batch = ''] = name.split(' ')
      const midnight = midnightOf(plan, Number(batch))
      return metersOf(plan, concentrators.get(code) ?? 0).map((meter) => keyOf(meter, midnight))
    }),
  )
}

function keyOf(meter: number, readAt: Instant): string {
  return `${meter} ${readAt}`
}

function nameOf({ meter_id, read_at }: StoredRow): string {
  return `meter ${meter_id} at ${new Date(read_at).toISOString()}`
}

function shown(what: string, keys: readonly string[]): readonly string[] {
  if (keys.length === 0) return []
  return [`${what}: ${keys.length}`, ...keys.slice(0, mostShown).map((key) => `  ${key}`)]
}
