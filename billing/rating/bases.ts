import { add, type Rational, zero } from '../../domain/rational.js'
import type { Frame } from './context.js'
import { refuse } from './refusal.js'

/** What a component has charged. */
export interface Base {
  readonly component: string
  readonly exact: Rational
  readonly amount: Rational
}

/**
 * What the named components, or those with a #tag, have charged so far: in this segment or in the whole period; where the whole month is
 * asked for, with what its earlier settlements charged. Lines that others contain count nowhere.
 */
export function basesOf(frame: Frame, names: readonly string[], over: 'segment' | 'period'): readonly Base[] {
  const { context, segment } = frame
  return codesOf(frame, names).map((component) => {
    const lines = context.lines.filter(
      (line) =>
        line.component === component && !line.included && (over === 'period' || line.segment === segment.number),
    )
    const isLastSegment = segment.to === context.span.to
    const earlier =
      frame.wholeMonth && isLastSegment && context.period.settlement.number > 1
        ? context.history.billed(component, context.month)
        : { exact: zero, amount: zero }
    return {
      component,
      exact: lines.reduce((sum, line) => add(sum, line.amountExact), earlier.exact),
      amount: lines.reduce((sum, line) => add(sum, line.amount), earlier.amount),
    }
  })
}

function codesOf({ context: { components: known }, path }: Frame, names: readonly string[]): readonly string[] {
  const codes = names.flatMap((name) => {
    const found = name.startsWith('#')
      ? known.filter(({ tags }) => tags?.includes(name.slice(1)) ?? false)
      : known.filter(({ code }) => code === name)
    return found.length > 0
      ? found.map(({ code }) => code)
      : refuse('component_unknown', path, `no component is ${name}`)
  })
  return [...new Set(codes)]
}
