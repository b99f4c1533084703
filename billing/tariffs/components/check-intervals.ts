import type { SlotSet } from './slot-schema.js'

export type IntervalDefectKind = 'validity_empty' | 'minute_twice'

/** What is wrong with explicit intervals of a calendar; `where` names the place in it. */
export interface IntervalDefect {
  readonly kind: IntervalDefectKind
  readonly where: string
  readonly message: string
}

/**
 * Explicit intervals that end before they begin, or of which two hold one instant. Times of the wall clock are compared with each other, and
 * times with their offset; where a calendar has both, the zone of the usage decides, so rating does.
 */
export function checkIntervals({ slots }: SlotSet): readonly IntervalDefect[] {
  const all = slots.flatMap(({ name, intervals = [] }, slot) =>
    intervals.map(({ start, end }, index) => ({
      name,
      start,
      where: `slots.${slot}.intervals.${index}`,
      from: momentOf(start),
      to: momentOf(end),
    })),
  )
  const forms = new Set(all.flatMap(({ from, to }) => [from.hasOffset, to.hasOffset]))
  if (forms.size > 1) return []
  const empty = all.filter(({ from, to }) => to.ms <= from.ms)
  if (empty.length > 0)
    return empty.map(({ name, where }) => ({
      kind: 'validity_empty',
      where,
      message: `an interval of ${name} ends after it begins`,
    }))
  const inOrder = all.toSorted((a, b) => a.from.ms - b.from.ms)
  return inOrder.flatMap((one, index): readonly IntervalDefect[] => {
    const before = inOrder[index - 1]
    return before === undefined || before.to.ms <= one.from.ms
      ? []
      : [{ kind: 'minute_twice', where: one.where, message: `${one.start} is in ${before.where} as well` }]
  })
}

interface Moment {
  readonly ms: number
  readonly hasOffset: boolean
}

function momentOf(text: string): Moment {
  const hasOffset = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text)
  return { ms: Date.parse(hasOffset ? text : `${text.length === 10 ? `${text}T00:00` : text}Z`), hasOffset }
}
