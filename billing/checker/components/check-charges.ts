import {
  child,
  childOr,
  type Cursor,
  day,
  fraction,
  isAbsent,
  items,
  text,
  theOnly,
  whole as wholeNumber,
} from '../cursor.js'
import { Fault, requireEqual } from '../fault.js'
import { compare, integer, multiply, type Rational, sum, zero } from '../rational.js'
import { roundBy } from '../round-by.js'
import type { Charge } from './charge.js'
import { dayBefore, type Days } from './days.js'
import { endOf } from './end-of-version.js'
import { evaluate, holds } from './evaluate.js'
import { OnTrust, onTrust, type TrustedLines, type TrustReason } from './on-trust.js'
import type { Situation } from './situation.js'
import { powerFactorCharges } from './power-factor-charges.js'
import { amountCharges, boundCharges, fixedCharges, percentageCharges } from './time-charges.js'
import { usageCharges } from './usage-charges.js'

/**
 * Works out what each component of the versions charges, from the versions, the usage and the quantities that the bill states, and requires
 * the bill's lines to be just these. Says which lines it could not work out, and why.
 */
export function checkCharges(proof: Cursor, versions: readonly Cursor[]): readonly TrustedLines[] {
  const bill = child(proof, 'bill')
  const lines = items(child(bill, 'lines'))
  const whole = { from: day(child(bill, 'periodFrom')), to: day(child(bill, 'periodTo')) }
  const trusted = new Map<string, TrustedLines>()
  const [first, ...others] = versions
  if (first === undefined) return []
  const closing = closingVersion(first, others)
  const components = versions.flatMap((version) => chargedBy(proof, version, closing))
  const scene: Scene = { proof, closing, components, whole }
  for (const version of versions) {
    const own = lines.filter((line) => child(line, 'version').value === wholeNumber(child(version, 'version')))
    const holdsThroughout = covers(version, versions, whole)
    for (const component of chargedBy(proof, version, closing)) {
      const ofComponent = own.filter((line) => child(line, 'component').value === child(component, 'code').value)
      const isDue = holdsThroughout || (isOnceAPeriod(component) && version === closing)
      const parts = ofComponent.length === 0 && isDue ? [[]] : partsOf(ofComponent)
      for (const part of parts) {
        const reason = trusting(() => checkPart(component, situationOf(scene, version, component, part), part))
        if (reason !== null && part.length > 0) count(trusted, text(child(component, 'code')), reason, part.length)
      }
    }
  }
  return [...trusted.values()]
}

/** The components of a version; adjustments of the period are charged after those of the last one. */
function chargedBy(proof: Cursor, version: Cursor, closing: Cursor): readonly Cursor[] {
  const own = items(child(version, 'components'))
  if (version !== closing) return own
  return [...own, ...items(childOr(theOnly(child(child(proof, 'usage'), 'periods')), 'adjustments', []))]
}

/** What looks at the lines of the whole period comes once, after all of them. */
function isOnceAPeriod(component: Cursor): boolean {
  return ['minimum', 'maximum', 'amount'].includes(text(child(component, 'kind')))
}

/** The version in force when the period ends says how components are rounded. */
function closingVersion(first: Cursor, others: readonly Cursor[]): Cursor {
  const since = (version: Cursor) => day(child(version, 'validFrom'))
  return others.reduce((last, version) => (since(version) > since(last) ? version : last), first)
}

function covers(version: Cursor, versions: readonly Cursor[], { from, to }: Days): boolean {
  const end = endOf(version, versions)
  return day(child(version, 'validFrom')) <= from && (end === null || end >= to)
}

/** Why something had to be taken on trust; null where it was worked out. */
function trusting(check: () => void): TrustReason | null {
  try {
    check()
    return null
  } catch (error) {
    if (!(error instanceof OnTrust)) throw error
    return error.reason
  }
}

function count(trusted: Map<string, TrustedLines>, component: string, reason: TrustReason, lines: number): void {
  const key = `${component} ${reason}`
  trusted.set(key, { component, reason, lines: (trusted.get(key)?.lines ?? 0) + lines })
}

/** Lines of one component by the part of the period that they charge. */
function partsOf(lines: readonly Cursor[]): readonly (readonly Cursor[])[] {
  const parts = new Map<string, Cursor[]>()
  for (const line of lines) {
    const key = `${text(child(line, 'from'))} ${text(child(line, 'to'))}`
    parts.set(key, [...(parts.get(key) ?? []), line])
  }
  return [...parts.values()]
}

function checkPart(component: Cursor, at: Situation, lines: readonly Cursor[]): void {
  const multipleOf = child(component, 'multiple')
  const multiple = isAbsent(multipleOf) ? integer(1n) : evaluate(multipleOf, at)
  const charges = appliedCharges(component, at).filter((charge) => isShown(component, charge, multiple))
  const missing = new Map(charges.map((charge) => [keyOf(charge), charge]))
  for (const line of lines) {
    const [slot, block] = [child(line, 'slot'), child(line, 'block')]
    const key = keyOf({
      slot: isAbsent(slot) ? null : text(slot),
      block: isAbsent(block) ? null : wholeNumber(block),
      isFlat: child(line, 'unit').value === 'flat',
    })
    const charge = missing.get(key)
    if (charge === undefined) throw new Fault(line.path, 'no such line', `${text(child(component, 'code'))} ${key}`)
    missing.delete(key)
    requireEqual(child(line, 'quantity').path, charge.quantity, fraction(child(line, 'quantity')))
    requireEqual(child(line, 'multiple').path, multiple, fraction(childOr(line, 'multiple', '1')))
    requirePrice(line, charge, multiple)
  }
  for (const key of missing.keys())
    throw new Fault('bill.lines', `a line ${text(child(component, 'code'))} ${key}`, 'none')
}

/** The price of a line; where it has none, what it comes to. */
function requirePrice(line: Cursor, { unitPrice, exact }: Charge, multiple: Rational): void {
  const stated = child(line, 'unitPrice')
  if (unitPrice !== null) requireEqual(stated.path, unitPrice, fraction(stated))
  else if (!isAbsent(stated)) throw new Fault(stated.path, 'no price', text(stated))
  const amount = child(line, 'amountExact')
  if (unitPrice === null) requireEqual(amount.path, multiply(exact, multiple), fraction(amount))
}

function keyOf({ slot, block, isFlat }: Pick<Charge, 'slot' | 'block' | 'isFlat'>): string {
  return [slot, block, isFlat ? 'flat' : null].filter((part) => part !== null).join(' ')
}

/** No line for no amount; use without a price has one. */
function isShown(component: Cursor, { quantity, exact }: Charge, multiple: Rational): boolean {
  if (compare(multiply(exact, multiple), zero) !== 0) return true
  return text(child(component, 'kind')) === 'usage' && compare(quantity, zero) !== 0
}

function appliedCharges(component: Cursor, at: Situation): readonly Charge[] {
  const when = child(component, 'when')
  if (!isAbsent(when) && !holds(when, at)) return []
  const kind = text(child(component, 'kind'))
  switch (kind) {
    case 'usage':
      return usageCharges(component, at)
    case 'fixed':
      return fixedCharges(component, at)
    case 'percentage':
      return percentageCharges(component, at)
    case 'power_factor':
      return powerFactorCharges(component, at)
    case 'minimum':
    case 'maximum':
      return boundCharges(component, kind === 'minimum', at)
    case 'amount':
      return amountCharges(component, at)
    default:
      return onTrust('unknown_component')
  }
}

/** What all components of a bill have in common. */
interface Scene {
  readonly proof: Cursor
  /** The version in force when the period ends. */
  readonly closing: Cursor
  /** Of all versions, with the adjustments. */
  readonly components: readonly Cursor[]
  readonly whole: Days
}

function situationOf(
  { proof, closing, components, whole }: Scene,
  version: Cursor,
  component: Cursor,
  lines: readonly Cursor[],
): Situation {
  const usage = child(proof, 'usage')
  const period = theOnly(child(usage, 'periods'))
  const rated = theOnly(child(child(proof, 'rated'), 'periods'))
  const [line] = lines
  const part = line === undefined ? whole : { from: dayOf(child(line, 'from')), to: dayOf(child(line, 'to')) }
  const segment = line === undefined ? 1 : wholeNumber(child(line, 'segment'))
  const isByTime = ['usage', 'fixed'].includes(text(child(component, 'kind')))
  return {
    version,
    usage,
    period,
    quantities: child(rated, 'quantities'),
    kind: text(child(period, 'kind')),
    billingMonth: text(child(rated, 'month')),
    whole,
    part,
    at: isByTime ? part.from : dayBefore(part.to),
    isByTime,
    slot: null,
    calendar: null,
    amountOf: (names, takes, over) =>
      amountOf(proof, { components, closing }, names, takes, over === 'period' ? null : segment),
  }
}

/** A line that begins or ends within a day is not followed here. */
function dayOf(cursor: Cursor): string {
  const [date = '', time] = text(cursor).split(' ')
  return time === '00:00' ? date : onTrust('cut_period')
}

/**
 * What components, or those with a #tag, charged; lines that others contain count nowhere. One that is rounded as a whole, as the last version
 * says, counts as rounded; where only some of its lines are asked for, that is not followed here.
 */
function amountOf(
  proof: Cursor,
  { components, closing }: Pick<Scene, 'components' | 'closing'>,
  names: Cursor,
  takes: 'exact' | 'rounded',
  segment: number | null,
): Rational {
  const codes = new Set(items(names).flatMap((name) => codesOf(components, text(name))))
  const lines = items(child(child(proof, 'bill'), 'lines')).filter((line) => child(line, 'included').value !== true)
  return sum(
    [...codes].map((code) => {
      const own = lines.filter((line) => child(line, 'component').value === code)
      const asked = own.filter((line) => segment === null || child(line, 'segment').value === segment)
      const charged = sum(asked.map((line) => fraction(child(line, takes === 'exact' ? 'amountExact' : 'amount'))))
      const rounding = componentRounding(chargedBy(proof, closing, closing), closing, code)
      if (takes === 'exact' || isAbsent(rounding)) return charged
      return asked.length === own.length ? roundBy(charged, rounding) : onTrust('cut_period')
    }),
  )
}

function componentRounding(components: readonly Cursor[], version: Cursor, code: string): Cursor {
  const own = components.findLast((component) => child(component, 'code').value === code)
  const of = own === undefined ? undefined : child(childOr(own, 'rounding', {}), 'component')
  return of === undefined || isAbsent(of) ? child(child(version, 'rounding'), 'component') : of
}

function codesOf(components: readonly Cursor[], name: string): readonly string[] {
  if (!name.startsWith('#')) return [name]
  return components
    .filter((component) => items(childOr(component, 'tags', [])).some(({ value }) => value === name.slice(1)))
    .map((component) => text(child(component, 'code')))
}
