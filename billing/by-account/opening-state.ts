import { rememberEach } from '../../domain/remember.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Calendar, LocalDate } from '../../domain/time.js'
import type { RatingState } from '../rating/usage/usage-schema.js'
import type { Scope } from '../tariffs/components/component-schema.js'
import type { ComponentTariff, TariffVersion } from '../tariffs/components/tariff-schema.js'
import type { AccountInput } from './account-input.js'
import type { AccountProblem } from './account-problem.js'
import { ladderState } from './ladder-state.js'
import { noState } from './to-usage.js'
import { decimal } from './usage-quantities.js'

/**
 * Where an account stands when its period begins: where its last bill left it, provided that ended there; before its first bill here, where
 * the old books left it. Counters go by component, so under another tariff only what the year's ladder had used and the history of
 * quantities go on. An account of which nothing is on record begins with nothing, unless the tariff asks for what was before:
 * `opening_state_unknown`.
 */
export function openingState(
  input: AccountInput,
  tariff: ComponentTariff,
  versions: readonly TariffVersion[],
  place: { readonly calendar: Calendar; readonly zone: string },
): Result<RatingState, AccountProblem> {
  const before = stateBefore(input)
  if (before?.closing !== undefined && before.tariff === tariff.code) return ok(before.closing)
  const asked = askedOfThePast(input, versions, place.calendar)
  if (!asked.state && !asked.history) return ok(noState)
  if (before === null || (asked.history && before.quantities.length === 0))
    return unknown('no bill or opening state ends where the period begins')
  const { quantities, ladderE4 } = before
  if (!asked.state) return ok({ ...noState, quantities })
  const ladder = ladderState(input, tariff, versions, { ...place, ladderE4 })
  return ladder.ok ? ok({ ...noState, ...ladder.value, quantities }) : ladder
}

interface StateBefore {
  /** Of the last bill; the old books name none. */
  readonly tariff?: string
  /** Of a bill under components. */
  readonly closing?: RatingState
  readonly ladderE4: string
  readonly quantities: RatingState['quantities']
}

/** What is on record of the very instant at which the period begins; null where nothing is. */
function stateBefore({ lastBill, opening, start }: AccountInput): StateBefore | null {
  if (lastBill !== null) {
    const { end, tariff, ladderE4, closing } = lastBill
    if (end !== start) return null
    return { tariff, ladderE4, quantities: closing?.quantities ?? [], ...(closing === null ? {} : { closing }) }
  }
  if (opening?.asOf !== start) return null
  const quantities = opening.demands.map(({ month, kwE4 }) => ({ name: 'demand', month, value: decimal(kwE4) }))
  return { ladderE4: opening.ladderE4, quantities }
}

/** Whether the tariff asks what the account used or was charged before the period. */
export function askedOfThePast(
  { start, inUseFrom }: Pick<AccountInput, 'start' | 'inUseFrom'>,
  versions: readonly TariffVersion[],
  calendar: Calendar,
): { readonly state: boolean; readonly history: boolean } {
  const from = calendar.dateAt(start)
  // Before there was an account there was nothing.
  if (inUseFrom >= from) return { state: false, history: false }
  const asked = versions.map(askedBy)
  return {
    state: asked.some(({ sums, scopes }) => sums || scopes.some((scope) => !beginsOn(scope, from))),
    history: asked.some(({ history }) => history),
  }
}

/** What a version asks of the time before a period, found once in it. */
const askedBy = rememberEach(({ rounding, components }: TariffVersion) => ({
  sums: rounding.cumulative === true,
  scopes: scopesIn(components),
  history: asksForHistory(components),
}))

/** Every scope in a part of a tariff, of models and of free quantities. */
export function scopesIn(part: unknown): readonly Scope[] {
  if (part === null || typeof part !== 'object') return []
  const own = 'scope' in part ? [part.scope as Scope] : []
  return [...own, ...Object.values(part).flatMap(scopesIn)]
}

/** Whether no earlier day belongs to the scope that a day belongs to. */
function beginsOn({ of, yearStart }: Scope, date: LocalDate): boolean {
  if (of === 'period' || of === 'day') return true
  const [month, day] = [Number(date.slice(5, 7)), date.slice(8)]
  const [firstMonth, firstDay] = [Number(yearStart.slice(0, 2)), yearStart.slice(3)]
  const months = { month: 1, quarter: 3, year: 12 }[of]
  return day === firstDay && (((month - firstMonth) % months) + months) % months === 0
}

export function asksForHistory(part: unknown): boolean {
  if (part === null || typeof part !== 'object') return false
  return ('op' in part && part.op === 'history') || Object.values(part).some(asksForHistory)
}

function unknown(message: string): Result<never, AccountProblem> {
  return err({ kind: 'opening_state_unknown', path: 'usage.opening', message })
}
