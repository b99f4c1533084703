import { quantities } from '../../domain/quantities.js'
import type { MeterId, RegisterSet } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import { type Instant, localMinute, calendarFor } from '../../domain/time.js'
import { segmentAt } from '../../domain/timeline.js'
import type { Queryable } from '../../storage/database.js'
import { readBeside, type KnownBeside } from '../../storage/mdm/exception-beside.js'
import { copyTotals, type MeterRow, readMeters, readSupplies } from '../../storage/mdm/validation-shard.js'
import { fitsDisplay } from '../registry/noted-registers.js'
import { judgeCandidate } from '../validation/decide-group.js'
import { classOf, noNeighbours } from '../validation/neighbours.js'
import { policiesInForce } from '../validation/policies-in-force.js'
import type { Candidate } from '../validation/rule.js'
import { tariffGapE4 } from '../validation/rules/tariff-sum.js'
import { createTotalColumns } from '../validation/total-columns.js'
import { createUsageMemory, historyMs } from '../validation/usage-memory.js'

/** A value that a person enters for a reading, and the reading. */
export interface Correction {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly timeZone: string
  readonly registers: RegisterSet
}

/** No state of the meter shows this value there; whatever the reason given, it is not taken. */
export type ImpossibleReason = 'value_does_not_fit_display' | 'value_does_not_add_up' | 'value_outside_neighbours'

export interface CorrectionVerdict {
  /** Null where the value is possible. */
  readonly impossible: ImpossibleReason | null
  /** What speaks against it: names of rules, and what they say. */
  readonly warnings: readonly string[]
  readonly reason: string
  /** Whether one of the rules would hold the value, so that whoever enters it says why all the same. */
  readonly refused: boolean
}

/**
 * What the rules of `manual_override` and the accepted values on both sides say to a value that a person enters. Where the neighbours
 * agree with each other the value has to lie between them; where they do not, one of them is wrong, and a person may say so.
 */
export async function judgeCorrection(
  client: Queryable,
  correction: Correction,
  now: Instant,
): Promise<CorrectionVerdict> {
  const [meter] = await readMeters(client, { meterIds: [correction.meterId] })
  const beside = await readBeside(client, correction)
  const known = present(meter, `meter ${correction.meterId}`)
  const impossible = impossibleReason(correction, known, beside)
  if (impossible !== null) return { impossible: impossible.kind, warnings: [], reason: impossible.says, refused: true }
  const policy = (await policiesInForce(client, now))(correction.readAt)
  const candidate = await candidateOf(client, correction, known, beside.before, now)
  const { rules, reason, verdict } = judgeCandidate(
    candidate,
    policy.classes[classOf(candidate)],
    policy,
    'manual_override',
  )
  const isAbove = beside.after !== null && correction.registers.totalE4 > beside.after.registers.totalE4
  const later = isAbove ? [aboveText(correction, beside.after)] : []
  return {
    impossible: null,
    warnings: [...rules, ...(isAbove ? ['contradicted'] : [])],
    reason: [...(reason === '' ? [] : [reason]), ...later].join('; '),
    refused: verdict === 'held' || isAbove,
  }
}

function aboveText({ timeZone }: Correction, after: KnownBeside['after']): string {
  const { readAt, registers } = present(after, 'the value after')
  return `the value of ${localMinute(calendarFor(timeZone), readAt)} is lower: ${formatScaled(registers.totalE4, 4)} kWh`
}

function impossibleReason(
  { registers, quantity }: Correction,
  meter: MeterRow,
  { before, after }: KnownBeside,
): { readonly kind: ImpossibleReason; readonly says: string } | null {
  if (!fitsDisplay(registers, meter)) return { kind: 'value_does_not_fit_display', says: displayText(meter) }
  const gapE4 = tariffGapE4(registers, meter)
  if (gapE4 !== 0n) return { kind: 'value_does_not_add_up', says: `${formatScaled(gapE4, 4)} kWh apart from the total` }
  if (quantity !== quantities.forward_active_energy.code || before === null || after === null) return null
  const [leastE4, mostE4] = [before.registers.totalE4, after.registers.totalE4]
  const isBetween = registers.totalE4 >= leastE4 && registers.totalE4 <= mostE4
  if (leastE4 > mostE4 || isBetween) return null
  return {
    kind: 'value_outside_neighbours',
    says: `${formatScaled(leastE4, 4)} … ${formatScaled(mostE4, 4)} kWh is accepted before and after`,
  }
}

function displayText({ registerDigits, registerDecimals }: MeterRow): string {
  return `the display has ${registerDigits} digits and ${registerDecimals} decimals`
}

async function candidateOf(
  client: Queryable,
  { meterId, quantity, readAt, registers }: Correction,
  meter: MeterRow,
  previous: KnownBeside['before'],
  now: Instant,
): Promise<Candidate> {
  const shard = { meterIds: [meterId], knownAt: now }
  const totals = createTotalColumns(1)
  await copyTotals(client, shard, { from: readAt - historyMs, to: readAt }, (_, named, at, revision, totalE4) => {
    if (named === quantity) totals.add(0, at, revision, totalE4)
  })
  totals.sort()
  const supplies = (await readSupplies(client, shard)).toSorted((a, b) => a.from - b.from)
  const chosen = { registers, source: 'corrected' } as const
  return {
    meter,
    quantity,
    readAt,
    claims: [chosen],
    chosen,
    previous,
    dueAt: null,
    supply: segmentAt(supplies, readAt)?.value ?? null,
    history: createUsageMemory(meter, totals.totalsOf(0, readAt)).before(readAt),
    // A display that somebody reads is compared with this meter alone, and nobody asks for its clock.
    neighbours: noNeighbours,
    clock: 'trusted',
    demandE4: null,
  }
}
