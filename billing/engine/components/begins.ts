import type { Rational } from '../../../domain/rational.js'
import { dayMs } from '../../../domain/time.js'
import { askedOfThePast } from '../../by-account/opening-state.js'
import type { Frame } from '../../rating/context.js'
import { Refusal } from '../../rating/refusal.js'
import { boundsOf, type ScopeInstance } from '../../rating/scope.js'
import type { Model } from '../../tariffs/components/component-schema.js'
import { maxBilledE4 } from '../../../domain/bill.js'

/** What follows from the day since which an account has room in its ladder. */
export interface Begin {
  /** Upper bounds of the blocks, kWh e4; infinite in the last one. None without a ladder. */
  readonly boundsE4: readonly number[]
  /** Whether what was used before the period has to be on record. */
  readonly asksForState: boolean
}

/** A ladder in its scope, as the readable rules found it. */
export interface ScopedLadder {
  readonly model: Model & { kind: 'graduated' }
  readonly instance: ScopeInstance
}

/**
 * Bounds for each day on which an account may have begun: asked of the readable rules once for each. Whoever had begun before the scope has
 * all of its months.
 */
export function createBegins(
  ladder: ScopedLadder | null,
  frameOf: (inUseFrom: string) => Frame,
): (inUseFromDay: number) => Begin | null {
  const firstDay = ladder === null ? Number.NEGATIVE_INFINITY : Date.parse(ladder.instance.from) / dayMs
  const known = new Map<number, Begin | null>()
  return (inUseFromDay) => {
    const day = Math.max(firstDay, inUseFromDay)
    const before = known.get(day)
    if (before !== undefined) return before
    const begin = beginOn(ladder, frameOf(new Date(day * dayMs).toISOString().slice(0, 10)))
    known.set(day, begin)
    return begin
  }
}

function beginOn(ladder: ScopedLadder | null, frame: Frame): Begin | null {
  const { usage, calendar, span, version } = frame.context
  const asked = askedOfThePast({ start: span.from, inUseFrom: usage.inUseFrom ?? '' }, [version], calendar)
  const boundsE4 = ladder === null ? [] : ladderBounds(ladder, frame)
  return boundsE4 === null ? null : { boundsE4, asksForState: asked.state }
}

/** Null where the readable rules refuse, or a bound is no number of the columns. */
function ladderBounds({ model, instance }: ScopedLadder, frame: Frame): readonly number[] | null {
  try {
    const bounds = boundsOf(model.blocks, model.scope, instance, frame).map(toE4)
    return bounds.some((bound) => bound === null) ? null : bounds.flatMap((bound) => bound ?? [])
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return null
  }
}

function toE4(bound: Rational | null): number | null {
  if (bound === null) return Number.POSITIVE_INFINITY
  const { n, d } = { n: bound.n * 10_000n, d: bound.d }
  const isKept = n >= 0n && n % d === 0n && n / d <= maxBilledE4
  return isKept ? Number(n / d) : null
}
