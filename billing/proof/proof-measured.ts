import { type DemandQuantity, demandQuantities } from '../../domain/quantities.js'
import { present } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import { findProofMeter } from '../../storage/billing/proof.js'
import {
  findProofDemands,
  findProofTransformer,
  type ProofDemandRow,
  type ProofQuantityRow,
} from '../../storage/billing/proof-quantities.js'
import type { ProofMemberRow } from '../../storage/billing/proof-relations.js'
import type { Queryable } from '../../storage/database.js'
import { byDemand, byFreeze, byRegisters, bySum } from './measured-names.js'
import type { ProofMeasured, ProofSettlement } from './proof-document.js'
import { frameOf, type SegmentContext, segmentsOf } from './proof-segments.js'
import { iso, kwh, registersOf } from './proof-values.js'

export interface MeasuredContext extends SegmentContext {
  readonly freeze: { readonly setId: bigint; readonly periodStart: Instant; readonly periodEnd: Instant }
}

/** What an account's determinants beside the energy rest on, down to the frames. */
export async function measuredOf(
  client: Queryable,
  account: ProofMemberRow,
  rows: readonly ProofQuantityRow[],
  context: MeasuredContext,
): Promise<readonly ProofMeasured[]> {
  const measured: ProofMeasured[] = []
  for (const row of rows) {
    const evidence = await evidenceFor(client, account, row, context)
    if (evidence !== null)
      measured.push({ name: row.quantity, unit: row.unit, registers: registersOf(row), ...evidence })
  }
  return measured
}

type Evidence<Kind = ProofMeasured> = Kind extends ProofMeasured ? Omit<Kind, 'name' | 'unit' | 'registers'> : never

async function evidenceFor(
  client: Queryable,
  account: ProofMemberRow,
  row: ProofQuantityRow,
  context: MeasuredContext,
): Promise<Evidence | null> {
  const register = byRegisters[row.quantity]
  if (register !== undefined) {
    const { meter_ids, multipliers, start_reads, end_reads } = row
    const own = { ...account, meter_ids, multipliers, start_reads, end_reads }
    return { from: 'registers', segments: await segmentsOf(client, own, context, register) }
  }
  const demand = byDemand[row.quantity]
  if (demand !== undefined)
    return {
      from: 'settlements',
      moment: row.moment === null ? null : iso(row.moment),
      settlements: await settlementsOf(client, row, demand, context),
    }
  if (bySum.has(row.quantity)) return { from: 'sum', of: row.basis.split(' + ') }
  return byFreeze.has(row.quantity) ? lossEvidence(client, account, row, context) : null
}

/** The load shape stands in what the freeze says of a loss. */
const shapePattern = /, k (\d+) \/ 10/

async function lossEvidence(
  client: Queryable,
  { usage_point_id: usagePointId }: ProofMemberRow,
  { basis }: ProofQuantityRow,
  { freeze: { setId, periodStart: from, periodEnd: to }, frozenAt: knownAt }: MeasuredContext,
): Promise<Evidence> {
  const points = await findProofTransformer(client, usagePointId, { setId, from, to, knownAt })
  const [plate] = points
  const shape = shapePattern.exec(basis)?.[1]
  if (plate === undefined || shape === undefined) return { from: 'freeze', basis }
  const percent = (e4: bigint | null) => (e4 === null ? null : formatScaled(e4, 4))
  return {
    from: 'transformer',
    transformer: {
      code: plate.transformer_code,
      ratedKva: String(plate.rated_kva),
      noLoadLossKw: formatScaled(plate.no_load_loss_kw_e4, 4),
      loadLossKw: formatScaled(plate.load_loss_kw_e4, 4),
      noLoadCurrentPercent: percent(plate.no_load_current_e4),
      impedancePercent: percent(plate.impedance_e4),
      loadShape: formatScaled(BigInt(shape), 1),
      from: iso(from),
      to: iso(to),
      points: points.map((point) => ({
        point: point.point,
        isOwn: point.is_own,
        borne: kwh(point.borne_e4),
        active: kwh(point.active_e4),
        reactive: kwh(point.reactive_e4),
      })),
    },
  }
}

/** The settlements of each meter within its segment, in their order. */
async function settlementsOf(
  client: Queryable,
  { meter_ids, multipliers, start_reads, end_reads }: ProofQuantityRow,
  demand: DemandQuantity,
  { frozenAt }: SegmentContext,
): Promise<readonly ProofSettlement[]> {
  const settlements: ProofSettlement[] = []
  for (const [index, meterId] of meter_ids.entries()) {
    const meter = present(await findProofMeter(client, meterId, frozenAt), `meter ${meterId}`)
    const span = { after: present(start_reads[index], 'start'), to: present(end_reads[index], 'end') }
    const rows = await findProofDemands(client, { meterId, quantity: demandQuantities[demand].code, ...span }, frozenAt)
    const from = { code: meter.code, address: meter.communication_address }
    settlements.push(...rows.map((row) => toSettlement(row, from, present(multipliers[index], 'multiplier'))))
  }
  return settlements
}

function toSettlement(row: ProofDemandRow, meter: ProofSettlement['meter'], multiplier: number): ProofSettlement {
  return {
    meter,
    multiplier,
    at: iso(row.settled_at),
    registers: registersOf(row),
    frame: frameOf(row),
  }
}
