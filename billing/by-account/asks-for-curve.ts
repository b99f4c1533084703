import type { ComponentInputsQuery } from '../../storage/billing/component-inputs-query.js'
import type { UsageComponent } from '../tariffs/components/component-schema.js'
import type { ComponentTariff, TariffVersion } from '../tariffs/components/tariff-schema.js'

/**
 * Whether a version can be rated only by when energy was used: prices by interval, demand from intervals, blocks that fill as time goes by,
 * and slots that no register of a meter counts.
 */
export function asksForCurve({ calendars, components }: TariffVersion): boolean {
  const counted = new Set(
    calendars.flatMap(({ registers, residual }) =>
      registers === undefined ? [] : [...Object.values(registers), residual],
    ),
  )
  const isCounted = (slot: string) => counted.has(slot)
  const slotsOf = (calendar: string) =>
    calendars.find(({ name }) => name === calendar)?.slots.map(({ name }) => name) ?? []
  return components.some(
    (component) =>
      asksForTime(component, isCounted) || (component.kind === 'usage' && goesByTime(component, slotsOf, isCounted)),
  )
}

/** Which tariffs are asked for what in `readComponentInputs`. */
export function inputsOf(
  tariffs: readonly ComponentTariff[],
): Pick<ComponentInputsQuery, 'tariffCodes' | 'curveCodes'> {
  const codesOf = (some: readonly ComponentTariff[]) => some.map(({ code }) => code)
  return {
    tariffCodes: codesOf(tariffs),
    curveCodes: codesOf(tariffs.filter(({ versions }) => versions.some(asksForCurve))),
  }
}

function goesByTime(
  { model, quantity, slots }: UsageComponent,
  slotsOf: (calendar: string) => readonly string[],
  isCounted: (slot: string) => boolean,
): boolean {
  if (!mentionsEnergy(quantity)) return false
  if (model.kind === 'interval_prices') return true
  if (slots === undefined) return false
  if (model.kind === 'graduated' && model.sharing === 'time_order') return true
  return !(slots.names ?? slotsOf(slots.calendar)).every(isCounted)
}

/** Whether an expression somewhere in a component asks for demand from intervals, or for energy in a slot that no register counts. */
function asksForTime(part: unknown, isCounted: (slot: string) => boolean): boolean {
  if (part === null || typeof part !== 'object') return false
  return isTimed(part, isCounted) || Object.values(part).some((each) => asksForTime(each, isCounted))
}

type Timed = Readonly<Record<'op' | 'of' | 'name' | 'slot', unknown>>

function isTimed({ op, of, name, slot }: Partial<Timed>, isCounted: (slot: string) => boolean): boolean {
  if (op === 'demand') return of === 'energy'
  return op === 'quantity' && name === 'energy' && typeof slot === 'string' && !isCounted(slot)
}

function mentionsEnergy(part: unknown): boolean {
  if (part === 'energy') return true
  return part !== null && typeof part === 'object' && Object.values(part).some(mentionsEnergy)
}
