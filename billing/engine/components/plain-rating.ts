import { hash } from 'node:crypto'
import { rational } from '../../../domain/rational.js'
import { calendarFor } from '../../../domain/time.js'
import type { PlainInput } from '../../../storage/billing/plain-inputs.js'
import type { ComponentBill } from '../../../storage/billing/component-bills.js'
import type { SegmentUsages } from '../../../storage/billing/usage-columns.js'
import { termsSchema } from '../../by-account/terms.js'
import { componentEntry } from '../../ledger/component-entry.js'
import type { Legs } from '../../ledger/legs.js'
import type { Posting } from '../../tariffs/components/posting-schema.js'
import type { ComponentTariff } from '../../tariffs/components/tariff-schema.js'
import type { EntryProgram } from '../entry-program.js'
import { compileVersion } from './compile-version.js'
import { plainOpening } from './plain-opening.js'
import { type PlainBill, ratePlain } from './rate-plain.js'
import type { Situation } from './situation.js'
import type { VersionProgram } from './version-program.js'

/** A bill with how it is booked. */
export interface CompiledBill {
  readonly tariff: string
  readonly version: number
  readonly amountFen: number
  readonly ladderEnergyE4: number
  /** A character for each of its bytes. */
  readonly linesSha256: string
  readonly bill: ComponentBill
  readonly entry: EntryProgram | null
  readonly legs: Legs | null
}

/** Programs that are kept: accounts of a shard share a period and few terms. */
const mostPrograms = 1000

/**
 * Rates plain accounts of a shard by programs, each compiled when the first account of its situation comes; null for an account that the
 * readable rules rate.
 */
export function createPlainRating(
  usages: SegmentUsages,
  zone: string,
): (tariff: ComponentTariff, input: PlainInput, row: number) => CompiledBill | null {
  const programs = new Map<string, VersionProgram | null>()
  let last: (Asked & { readonly program: VersionProgram | null }) | null = null
  const programOf = (asked: Asked): VersionProgram | null => {
    if (last !== null && isSame(last, asked)) return last.program
    const key = `${asked.tariff.code} ${asked.start} ${asked.end} ${asked.terms ?? ''}`
    const known = programs.get(key)
    const program = known === undefined ? compiled(asked, zone) : known
    if (programs.size >= mostPrograms) programs.clear()
    programs.set(key, program)
    last = { ...asked, program }
    return program
  }
  return (tariff, input, row) => {
    const [start, end] = [usages.periodStart[row] ?? Number.NaN, usages.periodEnd[row] ?? Number.NaN]
    const program = programOf({ tariff, terms: input.terms, start, end })
    const begin = program?.beginOf(usages.ladderFromDay[row] ?? 0) ?? null
    if (program === null || begin === null) return null
    const opening = plainOpening(program, begin, {
      start,
      tariffCode: tariff.code,
      lastBillEnd: usages.lastBillEnd[row] ?? Number.NaN,
      lastTariff: input.lastTariff,
      closing: input.closing,
      ladderE4: usages.lastBillLadderE4[row] ?? Number.NaN,
      openingAsOf: usages.openingAsOf[row] ?? Number.NaN,
      openingLadderE4: usages.openingLadderE4[row] ?? Number.NaN,
    })
    if (opening === null) return null
    const { hasActiveEnergy } = input
    const bill = ratePlain(program, { begin, opening, hasActiveEnergy }, usages, row)
    return bill === null ? null : booked(tariff.code, program, bill, usages.energyE4[row] ?? 0)
  }
}

interface Asked extends Pick<Situation, 'start' | 'end'> {
  readonly tariff: ComponentTariff
  readonly terms: string | null
}

function isSame(one: Asked, other: Asked): boolean {
  return one.tariff === other.tariff && one.start === other.start && one.end === other.end && one.terms === other.terms
}

/** Null where terms name equipment, or the period does not go from midnight to midnight. */
function compiled({ tariff, terms, start, end }: Asked, zone: string): VersionProgram | null {
  const stated = terms === null ? { facts: [], equipment: [] } : termsSchema.parse(JSON.parse(terms))
  const { startOfDayAt } = calendarFor(zone)
  if (stated.equipment.length > 0 || startOfDayAt(start) !== start || startOfDayAt(end) !== end) return null
  const program = compileVersion(tariff, { zone, start, end, facts: stated.facts })
  return typeof program === 'string' ? null : program
}

function booked(tariff: string, program: VersionProgram, bill: PlainBill, energyE4: number): CompiledBill {
  const { version, entry, posting } = program
  const { amountFen, ladderEnergyE4, lines, closing } = bill
  return {
    tariff,
    version,
    amountFen,
    ladderEnergyE4,
    linesSha256: hash('sha256', lines, 'binary'),
    bill: { lines, closing },
    entry,
    legs: entry === null ? legsOf(program, posting, bill, energyE4) : null,
  }
}

function legsOf({ charges }: VersionProgram, posting: Posting, bill: PlainBill, energyE4: number): Legs {
  const charged = charges.map(({ code }, index) => ({
    component: code,
    fen: rational(BigInt(bill.chargedFen[index] ?? 0)),
  }))
  return componentEntry(posting, charged, { energyE4: BigInt(energyE4), amountFen: BigInt(bill.amountFen) })
}
