import { one, type Rational } from '../../../domain/rational.js'
import { calendarFor } from '../../../domain/time.js'
import { asksForCurve } from '../../by-account/asks-for-curve.js'
import { scopesIn } from '../../by-account/opening-state.js'
import type { Frame } from '../../rating/context.js'
import { evaluate, holds } from '../../rating/evaluate.js'
import { piecesOf } from '../../rating/pieces.js'
import { Refusal } from '../../rating/refusal.js'
import { instancesOf } from '../../rating/scope.js'
import type { Component, UsageComponent } from '../../tariffs/components/component-schema.js'
import type { ComponentTariff, TariffVersion } from '../../tariffs/components/tariff-schema.js'
import { asksBeyond } from './asks-beyond.js'
import { createBegins, type ScopedLadder } from './begins.js'
import { chargeProgram } from './charge-program.js'
import { compilePosting } from './compile-posting.js'
import type { NotCompiled } from './not-compiled.js'
import { NotCompiledError, notCompiled } from './not-compiled-error.js'
import { meterSlots, type MeterSlots } from './meter-slots.js'
import { counterText } from './counter-text.js'
import { segmentsIn, type Situation, situationFrame } from './situation.js'
import type { ChargeProgram, LadderProgram, VersionProgram } from './version-program.js'

/**
 * The program by which the plain accounts in a situation are charged: per unit, by slot or in all time, and on one ladder. Conditions, prices,
 * bounds and scopes are asked of the readable rules, which know no account here, so that each rule stays in one place; what they would have to
 * know of an account is not compiled, nor is any shape that `NotCompiled` lists.
 */
export function compileVersion(tariff: ComponentTariff, situation: Situation): VersionProgram | NotCompiled {
  try {
    return compile(tariff, situation)
  } catch (error) {
    if (error instanceof NotCompiledError) return error.reason
    if (error instanceof Refusal) return 'refused'
    throw error
  }
}

function compile(tariff: ComponentTariff, situation: Situation): VersionProgram {
  const [segment, ...others] = segmentsIn(tariff, situation)
  if (segment === undefined || others.length > 0) return notCompiled('not_one_version')
  const { version } = segment
  requireKnownShape(tariff, version, situation)
  const frameOf = (inUseFrom: string) => situationFrame(tariff, segment, situation, inUseFrom)
  const frame = frameOf(calendarFor(situation.zone).dateAt(situation.start))
  const slots = meterSlots(version, segment)
  const applying = version.components
    .map((component, position) => [component, { ...frame, path: `${segment.path}.components.${position}` }] as const)
    .filter(([component, own]) => applies(component, own))
  const charged = applying.map(([component, own]) => chargeOf(component, own, slots))
  const ladder = ladderOf(version, applying)
  return {
    version: version.version,
    registerSlots: slots.registerSlots,
    residualSlot: slots.residualSlot,
    room: {
      slotE4: new Float64Array(slots.names.length + 1),
      blockE4: new Float64Array(ladder?.model.blocks.length ?? 0),
    },
    charges: charged,
    ladder: ladder === null ? null : ladderProgram(ladder, frame),
    month: frame.context.month,
    history: slots.history,
    ...compilePosting(version),
    beginOf: createBegins(ladder, frameOf),
  }
}

function requireKnownShape({ currency }: ComponentTariff, version: TariffVersion, { facts }: Situation): void {
  if (asksForCurve(version)) notCompiled('asks_for_curves')
  const { line, ...others } = version.rounding
  const isByLine =
    line?.mode === 'half_up' && line.decimals === 2 && Object.values(others).every((other) => other === undefined)
  if (currency.decimals !== 2 || !isByLine || version.energyRounding !== 'none') notCompiled('rounded_otherwise')
  const beyond = asksBeyond(version.components, facts)
  if (beyond !== null) notCompiled(beyond)
}

/** Whether a component applies all of the period; one that looks at the end of it is asked there. */
function applies(component: Component, frame: Frame): boolean {
  const isByTime = component.kind === 'usage' || component.kind === 'fixed'
  const { span } = frame
  if (isByTime && piecesOf(component, span, frame.context).length > 1) return notCompiled('changes_inside_the_period')
  const at = isByTime ? span.from : span.to - 1
  return component.when === undefined || holds(component.when, { ...frame, at })
}

function chargeOf(component: Component, frame: Frame, slots: MeterSlots): ChargeProgram {
  if (component.kind !== 'usage') return notCompiled('charges_otherwise')
  const { quantity, convert, share, free, atLeast, rounding } = component
  const isPlain = [convert, share, free, atLeast, rounding].every((more) => more === undefined)
  if (quantity !== 'energy' || !isPlain) return notCompiled('charges_otherwise')
  return chargeProgram(component, frame, slots, signOf(component, frame))
}

function signOf({ multiple }: UsageComponent, frame: Frame): 1 | -1 {
  const value: Rational = multiple === undefined ? one : evaluate(multiple, { ...frame, over: 'period' })
  const isUnit = value.d === 1n && (value.n === 1n || value.n === -1n)
  return isUnit ? (value.n < 0n ? -1 : 1) : notCompiled('multiplied_otherwise')
}

/** The one that remembers; any other that does, even where it does not apply now, has a state that this does not keep. */
function ladderOf(
  version: TariffVersion,
  applying: readonly (readonly [Component, Frame])[],
): (ScopedLadder & { readonly code: string }) | null {
  const ladders = applying.flatMap(([component, frame]) => {
    const { kind, code } = component
    return kind === 'usage' && component.model.kind === 'graduated' ? [{ code, model: component.model, frame }] : []
  })
  const [ladder, ...more] = ladders
  const remembering = version.components.filter((component) => scopesIn(component).some(({ of }) => of !== 'period'))
  if (more.length > 0 || remembering.some(({ code }) => code !== ladder?.code))
    return notCompiled('remembers_more_than_a_ladder')
  if (ladder === undefined) return null
  const { of, yearStart, times, reclear } = ladder.model.scope
  const isKnown = of === 'year' ? yearStart === '01-01' && times === 'months' : of === 'month' || of === 'period'
  const [instance, ...others] = instancesOf(ladder.model.scope, ladder.frame)
  if (!isKnown || instance === undefined || others.length > 0 || reclear === 'always')
    return notCompiled('scope_otherwise')
  const { context } = ladder.frame
  if (instance.from > context.calendar.dateAt(context.span.from)) return notCompiled('scope_otherwise')
  return { code: ladder.code, model: ladder.model, instance }
}

function ladderProgram(
  { code, model, instance }: ScopedLadder & { readonly code: string },
  { context: { calendar, span } }: Frame,
): LadderProgram {
  return {
    blocks: model.blocks.length,
    counter: counterText(code, instance),
    goesOn: instance.to > calendar.dateAt(span.to),
    isYearly: model.scope.of === 'year',
  }
}
