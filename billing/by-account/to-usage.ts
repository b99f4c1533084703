import { err, ok, type Result } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import type { RatingState, UsageDocument, UsagePeriod } from '../rating/usage/usage-schema.js'
import type { TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { AccountInput } from './account-input.js'
import type { AccountProblem } from './account-problem.js'
import { instantText } from './instant-text.js'
import { intervalEnergies } from './interval-energies.js'
import { decimal, furtherQuantities, registerEnergies } from './usage-quantities.js'

export const noState: RatingState = { blocks: [], billed: [], quantities: [], free: [], months: [], rounding: [] }

/** Where an account's clocks are, and where it stands when the period begins. */
export interface UsageFrame {
  readonly zone: string
  readonly calendar: Calendar
  readonly opening: RatingState
  /** Whether the energy is that of the interval days; that of the registers otherwise. */
  readonly fromCurve: boolean
}

/** The usage that an account's determinants are: what `rate` would be given for it. The version is the one that holds when the period ends. */
export function toUsage(
  input: AccountInput,
  version: TariffVersion,
  { zone, calendar, opening, fromCurve }: UsageFrame,
): Result<UsageDocument, AccountProblem> {
  const energies = fromCurve ? intervalEnergies(input, calendar) : registerEnergies(input, version)
  if (!energies.ok) return energies
  const unknownLoss = input.quantities.find(({ name, missing }) => name === 'loss_active' && missing !== null)
  if (unknownLoss !== undefined)
    return err({
      kind: 'quantity_unknown',
      path: 'usage.periods.0.losses',
      message: `the loss of the transformer is not known: ${unknownLoss.missing}`,
    })
  const period: UsagePeriod = {
    start: instantText(calendar, input.start),
    end: instantText(calendar, input.end),
    settlement: { number: 1, last: true },
    kind: input.kind,
    quantities: [...energies.value, ...furtherQuantities(input, version)],
    correctionFactors: [],
    demands: [],
    losses: lossesOf(input),
    relations: [],
    adjustments: [],
  }
  return ok({
    format: 'usage/1',
    zone,
    inUseFrom: input.inUseFrom,
    facts: factsOf(input, calendar),
    equipment: input.terms?.equipment ?? [],
    specialDays: [],
    quantities: [],
    series: [],
    opening,
    periods: [period],
  })
}

/** Of a transformer that is metered on its low side; the reactive one is in the reactive energy of the power factor already. */
function lossesOf({ quantities }: AccountInput): UsagePeriod['losses'] {
  const total = quantities.find(({ name }) => name === 'loss_active')?.registers[0] ?? null
  return total === null ? [] : [{ kind: 'given', active: 'energy', activeLoss: decimal(total) }]
}

/** What the terms say goes before what the registry says. */
function factsOf({ terms, agreement }: AccountInput, calendar: Calendar): UsageDocument['facts'] {
  const stated = terms?.facts ?? []
  const ofRegistry = agreement.flatMap(({ from, to, capacityKva, usageClass }) => {
    const span = {
      from: instantText(calendar, from),
      ...(to === null ? {} : { to: instantText(calendar, to) }),
    }
    return [
      ...(capacityKva === null ? [] : [{ name: 'contract_capacity_kva', value: String(capacityKva), ...span }]),
      ...(usageClass === null ? [] : [{ name: 'usage_class', value: usageClass, ...span }]),
    ]
  })
  return [...stated, ...ofRegistry.filter(({ name }) => !stated.some((fact) => fact.name === name))]
}
