import { err, ok, type Result } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { QuantityEntry } from '../rating/usage/usage-schema.js'
import type { TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { AccountInput } from './account-input.js'
import type { AccountProblem } from './account-problem.js'

type Registers = AccountInput['quantities'][number]['registers']

/**
 * Names under which a tariff asks for determinants; those that are not here go by their own. The energies are billed after relations, so
 * what these moved is told beside them; losses are no quantity but are added, and interval days are the energy itself.
 */
const names: Readonly<Record<string, string>> = {
  demand_max: 'demand',
  export_energy: 'export',
  power_factor_reactive: 'reactive',
}
const notAsked: ReadonlySet<string> = new Set(['interval_days', 'opening_estimate', 'loss_active', 'loss_reactive'])

/** The energy of the period by register, by slot where the version says what each register counts. */
export function registerEnergies(
  { energies }: AccountInput,
  version: TariffVersion,
): Result<readonly QuantityEntry[], AccountProblem> {
  const slots = slotsOf(version)
  const uncounted = uncountedRegister(energies, slots)
  if (uncounted === null) return ok(entriesOf('energy', 'kWh', energies, slots))
  return err({
    kind: 'register_without_slot',
    path: 'tariff.versions.calendars.registers',
    message: `register tou${uncounted} counted energy, and the calendar does not say of which slot`,
  })
}

/** Every quantity beside the energy that is known; by slot unless the meter counted other hours than the version's. */
export function furtherQuantities(input: AccountInput, version: TariffVersion): readonly QuantityEntry[] {
  const { quantities } = input
  const slots = standsInFor(input) === null ? slotsOf(version) : []
  return quantities
    .filter(({ name, missing }) => missing === null && !notAsked.has(name))
    .flatMap(({ name, unit, registers }) => entriesOf(names[name] ?? name, unit, registers, slots))
}

/** Slots of tou1…tou4; null for a register that no calendar knows. */
export function slotsOf({ calendars }: TariffVersion): readonly (string | null)[] {
  const registers = calendars.find((calendar) => calendar.registers !== undefined)?.registers
  if (registers === undefined) return []
  const { tou1 = null, tou2 = null, tou3 = null, tou4 = null } = registers
  return [tou1, tou2, tou3, tou4]
}

function entriesOf(
  name: string,
  unit: string,
  [total, ...tou]: Registers,
  slots: readonly (string | null)[],
): readonly QuantityEntry[] {
  if (total === null) return []
  const bySlot = slots.flatMap((slot, register) => {
    const value = tou[register] ?? null
    return slot === null || value === null ? [] : [{ name, unit, slot, value: decimal(value) }]
  })
  return [{ name, unit, value: decimal(total) }, ...bySlot]
}

/** Why interval days are the energy by slot in place of the registers; null where they are not. */
export function standsInFor({ quantities }: AccountInput): string | null {
  return quantities.find(({ insteadOf }) => insteadOf !== undefined)?.insteadOf ?? null
}

/** A register that counted something although the version does not say what; null where there is none. */
function uncountedRegister(energies: AccountInput['energies'], slots: readonly (string | null)[]): number | null {
  if (slots.length === 0) return null
  const register = energies.slice(1).findIndex((energyE4, index) => energyE4 !== '0' && slots[index] === null)
  return register < 0 ? null : register + 1
}

export function decimal(valueE4: string): string {
  return formatScaled(BigInt(valueE4), 4)
}
