import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { Origin } from '../../mdm/determinants/quantity.js'
import { isNotPlainlyRead, originOf } from '../../mdm/determinants/origin-of.js'
import type { Database } from '../../storage/database.js'
import { findProofOpening } from '../../storage/billing/proof-openings.js'
import * as storage from '../../storage/mdm/determinant-reads.js'

export interface LoadedDeterminant {
  readonly stored: storage.StoredDeterminant
  readonly quantities: readonly storage.StoredQuantity[]
  readonly boundaries: readonly storage.StoredBoundary[]
  /** What the old books leave, where the period begins with it. */
  readonly opening: Awaited<ReturnType<typeof findProofOpening>>
}

/** An account in the last known freeze of a period, with all it came from; null where none names it. */
export async function loadDeterminant(
  reader: Database,
  wanted: storage.DeterminantQuery,
): Promise<LoadedDeterminant | null> {
  const stored = await storage.findStoredDeterminant(reader, wanted)
  if (stored === null) return null
  const meters = stored.meter_ids ?? []
  const reads = [...(stored.start_reads ?? []), ...(stored.end_reads ?? [])]
  return {
    stored,
    quantities: await storage.readStoredQuantities(reader, stored.set_id, stored.account_id),
    boundaries: await storage.readStoredBoundaries(reader, [...meters, ...meters], reads, stored.recorded_at),
    opening: await findProofOpening(reader, stored.account_id, {
      asOf: stored.period_start,
      frozenAt: stored.recorded_at,
    }),
  }
}

/** Energies and demands as exact decimal text, total and tou1…tou4; null where the meter has no such register. */
export interface RegistersText {
  readonly total: string
  readonly tou1: string | null
  readonly tou2: string | null
  readonly tou3: string | null
  readonly tou4: string | null
}

export type DeterminantDocument = ReturnType<typeof determinantDocument>

export function determinantDocument(month: string, { stored, quantities, boundaries, opening }: LoadedDeterminant) {
  const { meter_ids, multipliers, start_reads, end_reads } = stored
  const instead = quantities.find(({ instead_of }) => instead_of !== null)?.instead_of ?? null
  const registers = registersText({ ...stored, total_e4: stored.energy_e4 })
  const boundaryAt = (meterId: bigint, at: Instant | undefined) =>
    toBoundary(boundaries.find((one) => one.meter_id === meterId && one.read_at === at))
  return {
    month,
    account: stored.account,
    usagePoint: stored.usage_point,
    set: {
      id: stored.set_id.toString(),
      revision: stored.revision,
      organisation: stored.organisation,
      frozenAt: iso(stored.recorded_at),
      digest: stored.digest.toString('hex'),
    },
    /** The last freeze, where it does not name the account: nothing is billed to it for the period any more. */
    goneSince:
      stored.gone_set_id === null || stored.gone_at === null
        ? null
        : { set: stored.gone_set_id.toString(), revision: stored.gone_revision, frozenAt: iso(stored.gone_at) },
    periodStart: iso(stored.period_start),
    periodEnd: iso(stored.period_end),
    hold: stored.hold_code === null ? null : { code: stored.hold_code, detail: stored.hold_detail },
    tariff: stored.tariff_code,
    settlement: stored.settlement_kind,
    /** By slot the curve says it where it stands in; what the registers split is then billed to nobody. */
    billed: instead === null || registers === null ? registers : { ...registers, ...noSplit },
    splitFrom: registers === null ? null : instead === null ? ('registers' as const) : ('curve' as const),
    insteadOf: instead,
    registers,
    segments: (meter_ids ?? []).map((meterId, place) => ({
      multiplier: multipliers?.[place] ?? null,
      start:
        (place === 0 ? openedBoundary(meterId, start_reads?.[0], opening) : null) ??
        boundaryAt(meterId, start_reads?.[place]),
      end: boundaryAt(meterId, end_reads?.[place]),
    })),
    quantities: quantities.map((quantity) => ({
      quantity: quantity.quantity,
      otherUsagePoint: quantity.other_point === stored.usage_point ? null : quantity.other_point,
      unit: quantity.unit,
      value: registersText(quantity),
      missing: quantity.missing,
      moment: quantity.moment === null ? null : iso(quantity.moment),
      basis: quantity.basis,
      insteadOf: quantity.instead_of,
      links: linksOf(quantity),
    })),
  }
}

const noSplit = { tou1: null, tou2: null, tou3: null, tou4: null } as const

interface Boundary {
  readonly meter: string
  readonly readAt: string
  readonly kwh: string | null
  /** Null for what nobody decided. */
  readonly decision: number | null
  readonly origin: Origin
  readonly isNotPlainlyRead: boolean
  readonly by: string | null
  readonly document: string | null
  readonly rules: readonly string[]
  readonly reason: string
}

function toBoundary(boundary: storage.StoredBoundary | undefined): Boundary | null {
  if (boundary === undefined) return null
  const origin = originOf(boundary)
  return {
    meter: boundary.meter,
    readAt: iso(boundary.read_at),
    kwh: boundary.total_e4 === null ? null : formatScaled(boundary.total_e4, 4, 2),
    decision: boundary.revision,
    origin,
    isNotPlainlyRead: isNotPlainlyRead(origin),
    by: boundary.decided_by ?? boundary.noted_by,
    document: boundary.document,
    rules: boundary.rules,
    reason: boundary.reason,
  }
}

/** The last billed registers of the old books, which stand for a reading. */
function openedBoundary(
  meterId: bigint,
  at: Instant | undefined,
  { items, batches }: LoadedDeterminant['opening'],
): Boundary | null {
  const own = items.find(({ kind, meter_id }) => kind === 'register' && meter_id === meterId)
  const batch = batches.find((one) => one.batch === own?.batch)
  if (own === undefined || batch === undefined || at === undefined) return null
  return {
    meter: own.meter ?? '',
    readAt: iso(at),
    kwh: own.energy_e4 === null ? null : formatScaled(own.energy_e4, 4, 2),
    decision: null,
    origin: 'opening',
    isNotPlainlyRead: true,
    by: [batch.author, ...batch.approvers].join(' + '),
    document: batch.document,
    rules: [],
    reason: '',
  }
}

function linksOf(quantity: storage.StoredQuantity) {
  return quantity.meters.map((meter, place) => ({
    meter,
    multiplier: quantity.multipliers[place] ?? null,
    start: endOf(quantity.start_reads[place], quantity.start_revisions[place], quantity.start_origins[place]),
    end: endOf(quantity.end_reads[place], quantity.end_revisions[place], quantity.end_origins[place]),
  }))
}

function endOf(at: Instant | undefined, decision: number | null | undefined, origin: string | undefined) {
  return { at: at === undefined ? null : iso(at), decision: decision ?? null, origin: origin ?? null }
}

function registersText(row: {
  readonly total_e4: bigint | null
  readonly tou1_e4: bigint | null
  readonly tou2_e4: bigint | null
  readonly tou3_e4: bigint | null
  readonly tou4_e4: bigint | null
}): RegistersText | null {
  const text = (value: bigint | null) => (value === null ? null : formatScaled(value, 4, 2))
  if (row.total_e4 === null) return null
  return {
    total: formatScaled(row.total_e4, 4, 2),
    tou1: text(row.tou1_e4),
    tou2: text(row.tou2_e4),
    tou3: text(row.tou3_e4),
    tou4: text(row.tou4_e4),
  }
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}
