import {
  type BilledUsage,
  type ChargeLine,
  components,
  type HoldCode,
  noBlock,
  type Slot,
  slots,
} from '../../domain/bill.js'
import { multiply, type Rational, rational } from '../../domain/rational.js'
import { rememberEach } from '../../domain/remember.js'
import { err, ok, present, type Result } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Tariff } from '../tariffs/tariff.js'
import { toComponents } from '../tariffs/to-components.js'
import type { BillPeriod } from './bill.js'
import { checkLadderUsage, checkUsage } from './check-usage.js'
import { rateUsage, type RatingProblem } from './rate-usage.js'
import { exact } from './usage/register-quantity.js'
import type { QuantityEntry, UsageDocument } from './usage/usage-schema.js'

export interface Rating {
  readonly lines: readonly ChargeLine[]
  readonly amountFen: bigint
  /** Where the ladder stands after this period; zero under a tariff without one. */
  readonly ladderEnergyE4: bigint
}

/**
 * What an account comes to under slots and a ladder, by the rules of components: the tariff is converted, the usage rated, and the lines told
 * in the numbers of a run. `billing/engine` computes the same in columns; a property test holds the two equal to the fen.
 */
export function rateAccount(tariff: Tariff, usage: BilledUsage): Result<Rating, { readonly kind: HoldCode }> {
  const unbillable = checkUsage(usage) ?? checkRegisters(tariff, usage)
  if (unbillable !== null) return err({ kind: unbillable })
  const unplaced = tariff.ladder === null ? null : checkLadderUsage(usage)
  const rated = rateUsage(
    unplaced === null ? asComponents(tariff) : asComponentsWithoutLadder(tariff),
    toUsage(tariff, usage),
  )
  if (!rated.ok) return err({ kind: holdOf(rated.error) })
  if (unplaced !== null) return err({ kind: unplaced })
  const [period] = rated.value.periods
  const lines = present(period, 'the period of a usage')
    .lines.map(toChargeLine)
    .filter(({ priceE8 }) => priceE8 !== 0n)
  return ok({
    lines,
    amountFen: lines.reduce((sum, line) => sum + line.amountFen, 0n),
    ladderEnergyE4: tariff.ladder === null ? 0n : (usage.ladderOpeningE4 ?? 0n) + usage.energyE4,
  })
}

const asComponents = rememberEach(toComponents)
const asComponentsWithoutLadder = rememberEach((tariff: Tariff) => toComponents({ ...tariff, ladder: null }))

function checkRegisters({ slots: map }: Tariff, { touE4 }: BilledUsage): HoldCode | null {
  const isStray = (energyE4: bigint, register: number) => energyE4 !== 0n && map?.registers[register] === null
  return touE4.some(isStray) ? 'register_without_slot' : null
}

/** After the checks only the slots can be wrong. */
function holdOf({ kind, path, message }: RatingProblem): HoldCode {
  if (kind === 'negative_residual' || kind === 'negative_energy') return 'negative_slot_energy'
  throw new Error(`a usage that was checked is refused: ${kind} ${path}: ${message}`)
}

function toUsage(tariff: Tariff, usage: BilledUsage): UsageDocument {
  const { periodFrom, periodTo, settlementKind, ladderFrom, ladderOpeningE4 } = usage
  const opening = ladderOpeningE4 ?? 0n
  const [form, year] = [tariff.ladder?.form ?? 'full', periodFrom.slice(0, 4)]
  const counter = { component: form === 'full' ? 'energy' : 'ladder_increment', scope: `${year}-01-01`, byBlock: [] }
  return {
    format: 'usage/1',
    zone: 'Asia/Shanghai',
    inUseFrom: ladderFrom,
    facts: [],
    equipment: [],
    specialDays: [],
    quantities: [],
    series: [],
    opening: {
      blocks: opening === 0n ? [] : [{ ...counter, used: formatScaled(opening, 4) }],
      billed: [],
      quantities: [],
      free: [],
      months: [],
      rounding: [],
    },
    periods: [
      {
        start: periodFrom,
        end: periodTo,
        settlement: { number: 1, last: true },
        kind: settlementKind,
        quantities: [...energiesOf(tariff, usage)],
        correctionFactors: [],
        demands: [],
        losses: [],
        relations: [],
        adjustments: [],
      },
    ],
  }
}

/** The total, and what each register counted of it; a residual slot without a register counted nothing itself. */
function energiesOf({ slots: map }: Tariff, { energyE4, touE4 }: BilledUsage): readonly QuantityEntry[] {
  const total = { name: 'energy', value: formatScaled(energyE4, 4) }
  if (map === null) return [total]
  const counted = touE4.flatMap((registerE4, register) => {
    const slot = map.registers[register] ?? null
    return slot === null ? [] : [{ name: 'energy', slot, value: formatScaled(registerE4, 4) }]
  })
  return [total, { name: 'energy', slot: map.residual, value: '0' }, ...counted]
}

function toChargeLine(line: BillPeriod['lines'][number]): ChargeLine {
  const { component, slot, block, quantity, unitPrice, amount } = line
  return {
    component: component === 'energy' ? components.energy : components.ladder_increment,
    slot: slots[(slot ?? 'all') as Slot],
    block: block ?? noBlock,
    quantityE4: scaled(quantity ?? '0', 10_000n),
    priceE8: scaled(unitPrice ?? '0', 100_000_000n),
    amountFen: scaled(amount, 100n),
  }
}

/** The whole number that a text of the tariff's own scales is. */
function scaled(text: string, scale: bigint): bigint {
  const { n }: Rational = multiply(exact(text), rational(scale))
  return n
}
