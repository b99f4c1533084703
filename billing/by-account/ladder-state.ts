import { err, ok, type Result } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import { rateUsage } from '../rating/rate-usage.js'
import type { RatingState } from '../rating/usage/usage-schema.js'
import type { Component, UsageComponent } from '../tariffs/components/component-schema.js'
import type { ComponentTariff, TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { AccountInput } from './account-input.js'
import type { AccountProblem } from './account-problem.js'
import { noState, toUsage } from './to-usage.js'
import { decimal } from './usage-quantities.js'

/** kWh e4 of the calendar year before the period, of an account that was billed without components so far. */
export interface LadderBefore {
  readonly calendar: Calendar
  readonly zone: string
  readonly ladderE4: string
}

/**
 * Block counters for what the year's ladder had used before: put into blocks as the tariff's yearly ladders would have, from the year's
 * begin or the account's. `opening_state_unknown` where one number does not say where a counter stands: months, slots, another year.
 */
export function ladderState(
  input: AccountInput,
  tariff: ComponentTariff,
  versions: readonly TariffVersion[],
  { calendar, zone, ladderE4 }: LadderBefore,
): Result<Pick<RatingState, 'blocks'>, AccountProblem> {
  const [version] = versions
  if (version === undefined) return ok({ blocks: [] })
  const begin = calendar.dateAt(input.start)
  const yearStart = `${begin.slice(0, 4)}-01-01`
  const from = input.inUseFrom > yearStart ? input.inUseFrom : yearStart
  const counting = version.components.filter(counts)
  if (counting.some((component) => !isYearly(component)) || version.rounding.cumulative === true || from >= begin)
    return unknown('what was billed without components says only what the ladder of the year has used')
  const ladders = { ...version, validFrom: from, validTo: begin, calendars: [], components: counting }
  const before = toUsage(
    {
      ...input,
      kind: 'regular',
      start: calendar.startOfDay(from),
      end: input.start,
      energies: [ladderE4, '0', '0', '0', '0'],
      quantities: [],
    },
    ladders,
    { calendar, zone, opening: noState, fromCurve: false },
  )
  if (!before.ok) return before
  const rated = rateUsage({ ...tariff, versions: [ladders] }, before.value)
  if (!rated.ok)
    return unknown(
      `${rated.error.kind} ${rated.error.path}: ${rated.error.message} (${decimal(ladderE4)} kWh before ${begin})`,
    )
  return ok({ blocks: rated.value.periods[0]?.closing.blocks ?? [] })
}

/** Whether a component remembers what was used before the period. */
function counts(component: Component): component is UsageComponent {
  if (component.kind !== 'usage') return false
  const { model, free } = component
  const scopes = [
    'scope' in model ? model.scope.of : 'period',
    typeof free === 'object' && 'scope' in free ? free.scope.of : 'period',
  ]
  return scopes.some((of) => of !== 'period' && of !== 'day')
}

function isYearly({ model, slots, quantity, free }: UsageComponent): boolean {
  const { of = 'period', yearStart = '' } = 'scope' in model ? model.scope : {}
  return of === 'year' && yearStart === '01-01' && slots === undefined && quantity === 'energy' && free === undefined
}

function unknown(message: string): Result<never, AccountProblem> {
  return err({ kind: 'opening_state_unknown', path: 'usage.opening.blocks', message })
}
