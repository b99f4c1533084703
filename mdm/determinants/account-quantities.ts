import { demandQuantities, quantities } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import type { RatedDay, SettledDemand } from '../../storage/mdm/determinant-quantities.js'
import { maximumDemand } from './demand-quantity.js'
import type { Determinant } from './determinant.js'
import { intervalDaysQuantity } from './interval-days-quantity.js'
import type { DeterminantPolicy } from './policy.js'
import type { DeterminantQuantity, QuantityName } from './quantity.js'
import { type DecidedAt, linksOf, registerQuantity } from './register-quantity.js'

/** What is known of the meters of a shard beside their active energy. */
export interface QuantityInputs {
  readonly decidedAt: DecidedAt
  readonly demands: ReadonlyMap<MeterId, readonly SettledDemand[]>
  readonly days: ReadonlyMap<MeterId, readonly RatedDay[]>
}

/** Names of the stored quantities besides the forward active energy, which is the determinant's own. */
const names = {
  export_energy: quantities.reverse_active_energy,
  reactive_forward: quantities.forward_reactive_energy,
  reactive_reverse: quantities.reverse_reactive_energy,
  reactive_combined1: quantities.combined_reactive1_energy,
  reactive_combined2: quantities.combined_reactive2_energy,
  reactive_quadrant1: quantities.reactive_quadrant1_energy,
  reactive_quadrant2: quantities.reactive_quadrant2_energy,
  reactive_quadrant3: quantities.reactive_quadrant3_energy,
  reactive_quadrant4: quantities.reactive_quadrant4_energy,
} as const satisfies Partial<Record<QuantityName, { readonly code: number; readonly unit: 'kWh' | 'kvarh' }>>

const demandNames = {
  demand_max: demandQuantities.forward_active_demand,
  demand_reverse_max: demandQuantities.reverse_active_demand,
} as const satisfies Partial<Record<QuantityName, { readonly code: number }>>

const own = { moment: null, otherPointId: null, basis: '' } as const

/** Every quantity that the account's own meters count: those that were read at either end of a segment, and what is fed in in any case. */
export function accountQuantities(
  determinant: Determinant,
  feedsIn: boolean,
  inputs: QuantityInputs,
  policy: DeterminantPolicy,
): readonly DeterminantQuantity[] {
  const { segments } = determinant
  const { decidedAt } = inputs
  const opensWith = segments[0]?.opensWith
  const isRead = (code: number) =>
    segments.some(
      ({ meterId, startRead, endRead }) =>
        decidedAt(meterId, startRead, code) !== undefined || decidedAt(meterId, endRead, code) !== undefined,
    )
  const active: DeterminantQuantity = {
    ...own,
    basis: opensWith === undefined ? '' : `opening ${opensWith}`,
    quantity: 'active_energy',
    unit: 'kWh',
    value: determinant.energiesE4,
    links: linksOf(segments, quantities.forward_active_energy.code, decidedAt),
  }
  const counted = Object.entries(names).flatMap(([name, { code, unit }]): readonly DeterminantQuantity[] => {
    if (!isRead(code) && !(feedsIn && name === 'export_energy')) return []
    const value = registerQuantity(segments, code, decidedAt, policy)
    return [{ ...own, quantity: name as keyof typeof names, unit, value, links: linksOf(segments, code, decidedAt) }]
  })
  return [active, ...counted, ...demandsOf(determinant, inputs), ...daysOf(determinant, inputs, policy)]
}

function demandsOf({ segments }: Determinant, { demands }: QuantityInputs): readonly DeterminantQuantity[] {
  return Object.entries(demandNames).flatMap(([name, { code }]): readonly DeterminantQuantity[] => {
    const settled = [...new Set(segments.map(({ meterId }) => meterId))]
      .flatMap((meterId) => demands.get(meterId) ?? [])
      .filter(({ quantity }) => quantity === code)
    if (settled.length === 0) return []
    const links = segments.map(({ meterId, multiplier, startAt, endAt }) => {
      const isSettled = settled.some((demand) => demand.meterId === meterId && demand.settledAt === endAt)
      const origin = isSettled ? 'settled' : 'missing'
      const revisions = { startRevision: null, endRevision: null }
      return {
        meterId,
        multiplier,
        startRead: startAt,
        endRead: endAt,
        ...revisions,
        startOrigin: origin,
        endOrigin: origin,
      } as const
    })
    return [
      { ...own, quantity: name as keyof typeof demandNames, unit: 'kW', ...maximumDemand(segments, settled), links },
    ]
  })
}

function daysOf(
  { segments }: Determinant,
  { days }: QuantityInputs,
  policy: DeterminantPolicy,
): readonly DeterminantQuantity[] {
  const rated = [...new Set(segments.map(({ meterId }) => meterId))].flatMap((meterId) => days.get(meterId) ?? [])
  return rated.length === 0 ? [] : [intervalDaysQuantity(segments, rated, policy)]
}
