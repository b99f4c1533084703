import { divide, isZero, type Rational, zero } from '../../../domain/rational.js'
import { unreachable } from '../../../domain/result.js'
import type { Calendar } from '../../../domain/time.js'
import type { Span } from '../usage/local-time.js'
import type { QuantityEntry, UsagePeriod } from '../usage/usage-schema.js'
import type { Taken } from './factors.js'
import { meteredTotal } from './metered-total.js'
import type { Roles } from './roles.js'
import { scaleEntry } from './scale-entry.js'

type Entries = readonly QuantityEntry[]

/** A pair of periods on the same days, the first one laid there. */
export interface BlendedPeriods {
  readonly calendar: Calendar
  readonly roles: Roles
  readonly span: Span
  readonly first: UsagePeriod
  readonly second: UsagePeriod
}

/**
 * Quantities of a period with what is taken from the second bill: the total of one and the mix of the other where only one of them is
 * taken. A mix of nothing is none, so there the other's is used; a name that one side lacks stands at zero, for components that ask for it.
 */
export function blendQuantities(periods: BlendedPeriods, taken: Taken): QuantityEntry[] {
  const { first, second, roles } = periods
  const names = new Set([...first.quantities, ...second.quantities].map(({ name }) => name))
  return [...names].flatMap((name): Entries => {
    const entries = { first: entriesOf(first, name), second: entriesOf(second, name) }
    const role = roles.ofQuantity(name)
    switch (role) {
      case 'energy':
        return blendEnergy(periods, entries, taken)
      case 'reactive':
        return blendReactive(periods, entries, roles.activeOf(name), taken)
      case 'power_factor':
        return taken.has('power_factor') ? entries.second : entries.first
      case 'demand':
        return taken.has('demand') ? entries.second : entries.first
      default:
        return unreachable(role)
    }
  })
}

interface BothEntries {
  readonly first: Entries
  readonly second: Entries
}

function blendEnergy({ calendar, span }: BlendedPeriods, { first, second }: BothEntries, taken: Taken): Entries {
  const [mix, other] = taken.has('slot_mix') ? [second, first] : [first, second]
  const sized = taken.has('quantity') ? second : first
  const [total, ofMix] = [meteredTotal(calendar, sized, span), meteredTotal(calendar, mix, span)]
  if (!isZero(ofMix)) return scaled(mix, divide(total, ofMix))
  if (!isZero(total)) return sized
  return mix.length > 0 ? mix : scaled(other, zero)
}

/** Reactive energy keeps its proportion to the active energy it was counted beside. */
function blendReactive(periods: BlendedPeriods, { first, second }: BothEntries, active: string, taken: Taken): Entries {
  const { calendar, span } = periods
  const activeOf = (period: UsagePeriod) => meteredTotal(calendar, entriesOf(period, active), span)
  const [own, other] = taken.has('power_factor') ? [second, first] : [first, second]
  const [ofOwn, ofOther] = taken.has('power_factor')
    ? [activeOf(periods.second), activeOf(periods.first)]
    : [activeOf(periods.first), activeOf(periods.second)]
  const isOwnSize = taken.has('power_factor') === taken.has('quantity')
  if (own.length === 0) return scaled(other, zero)
  if (isOwnSize) return own
  return isZero(ofOwn) ? other : scaled(own, divide(ofOther, ofOwn))
}

function scaled(entries: Entries, ratio: Rational): Entries {
  return entries.map((entry) => scaleEntry(entry, ratio))
}

function entriesOf({ quantities }: UsagePeriod, name: string): Entries {
  return quantities.filter((entry) => entry.name === name)
}
