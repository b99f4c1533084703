import { add, type Rational, round, type Rounding, subtract, sum, zero } from '../../domain/rational.js'
import type { Component } from '../tariffs/components/component-schema.js'
import type { ChargedLine } from './charged-line.js'
import type { Frame, PeriodContext } from './context.js'
import { refuse } from './refusal.js'

/** What a component has charged. */
export interface Base {
  readonly component: string
  readonly exact: Rational
  readonly amount: Rational
}

/**
 * What the named components, or those with a #tag, have charged so far: in this segment or in the whole period; where the whole month is
 * asked for, with what its earlier settlements charged. Lines that others contain count nowhere. Of a component that is rounded as a whole,
 * a segment has what it adds to the rounded sum of those before it.
 */
export function basesOf(frame: Frame, names: readonly string[], over: 'segment' | 'period'): readonly Base[] {
  const { context, segment } = frame
  return codesOf(frame, names).map((component) => {
    const charged = context.lines.filter((line) => line.component === component && !line.included)
    const lines = over === 'period' ? charged : charged.filter((line) => line.segment === segment.number)
    const before = over === 'period' ? [] : charged.filter((line) => line.segment < segment.number)
    const rounding = componentRounding(context, component)
    const amount =
      rounding === undefined
        ? amountOf(lines)
        : subtract(round(amountOf([...before, ...lines]), rounding), round(amountOf(before), rounding))
    const isLastSegment = segment.to === context.span.to
    const earlier =
      frame.wholeMonth && isLastSegment && context.period.settlement.number > 1
        ? context.history.billed(component, context.month)
        : { exact: zero, amount: zero }
    return {
      component,
      exact: add(earlier.exact, sum(lines.map((line) => line.amountExact))),
      amount: add(earlier.amount, amount),
    }
  })
}

/** What the named components have put by in the period instead of charging it, as rounded line by line. */
export function putByOf(frame: Frame, names: readonly string[]): Rational {
  const codes = codesOf(frame, names)
  return sum(frame.context.lines.filter(({ component }) => codes.includes(component)).map(({ amount }) => amount))
}

/** Whether a credit puts by what a component comes to. */
export function isPutBy({ components }: Pick<PeriodContext, 'components'>, { code, tags }: Component): boolean {
  const names = [code, ...(tags ?? []).map((tag) => `#${tag}`)]
  return components.some(
    ({ kind, ...other }) => kind === 'credit' && 'earns' in other && names.some((name) => other.earns?.includes(name)),
  )
}

function amountOf(lines: readonly ChargedLine[]): Rational {
  return sum(lines.map((line) => line.amount))
}

/** How the version at the end of the period, or an adjustment, rounds what a component comes to. */
export function componentRounding({ version, period }: PeriodContext, code: string): Rounding | undefined {
  const own = [...version.components, ...period.adjustments].findLast((component) => component.code === code)
  return own?.rounding?.component ?? version.rounding.component
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
