import type {
  ProofBillHead,
  ProofBoundary,
  ProofEvidence,
  ProofIntervals,
  ProofSegment,
} from '../../billing/proof/proof-document.js'
import { Decimal } from '../../domain/decimal.js'
import { beijing, localMinute } from '../../domain/time.js'
import { sourceText } from '../cli/reading-words.js'
import { kwh } from './kwh-text.js'

/** What of a bill no meter said: how much of it rests on estimates, and values that people entered. Decimal texts. */
export interface BillEvidence {
  /** Energy and money that rest on estimates, and their share of the amount in per cent. */
  readonly estimates: { readonly energy: string; readonly amount: string; readonly percent: string }
  readonly handEntered: readonly {
    readonly meter: string
    readonly at: string
    readonly source: string
    readonly energy: string
    readonly document: string
    readonly by: string
  }[]
}

const byHand: ReadonlySet<string> = new Set(['field', 'exchange', 'corrected', 'imported'])

/** Any proof of a bill. */
export type ProvenBill = ProofEvidence & { readonly bill: ProofBillHead; readonly intervals?: ProofIntervals | null }

export function billEvidence({ bill, segments, relations, intervals = null }: ProvenBill): BillEvidence {
  const others = (relations?.points ?? []).flatMap((point) => point.segments)
  const whole = sumOf(segments)
  const estimated = Decimal.max(sumOf(segments.filter(isEstimated)), filledOf(intervals))
  // Nobody can tell which part of another usage point's energy the doubt of its readings fell on.
  const ratio = others.some(isEstimated) ? new Decimal(1) : whole.isZero() ? new Decimal(0) : estimated.div(whole)
  return {
    estimates: {
      energy: new Decimal(bill.energy).abs().mul(ratio).toFixed(2),
      amount: new Decimal(bill.amount).abs().mul(ratio).toFixed(2),
      percent: ratio.mul(100).toFixed(2),
    },
    handEntered: [...segments, ...others].flatMap((segment) =>
      [segment.start, segment.end].flatMap((boundary) => entered(segment, boundary)),
    ),
  }
}

function entered(
  { meter }: ProofSegment,
  { source, at, registers, document }: ProofBoundary,
): BillEvidence['handEntered'] {
  if (source === null || !byHand.has(source)) return []
  const [name, by] = [document?.name ?? '', document?.notedBy ?? '']
  return [{ meter: meter.code, at, source, energy: registers.total, document: name, by }]
}

function isEstimated({ start, end }: ProofSegment): boolean {
  return start.verdict === 'estimated' || end.verdict === 'estimated'
}

/** What intervals that nobody measured come to. */
function filledOf(intervals: ProofIntervals | null): Decimal {
  const parts = (intervals?.days ?? []).flatMap(({ fills, multiplier }) =>
    fills.map(({ energy }) => new Decimal(energy).mul(multiplier)),
  )
  return Decimal.sum(0, ...parts)
}

function sumOf(segments: readonly ProofSegment[]): Decimal {
  return segments.reduce((sum, { meter, start, end, multiplier }) => {
    const used = new Decimal(end.registers.total).minus(start.registers.total)
    const turned = used.isNegative() ? used.plus(new Decimal(10).pow(meter.registerDigits)) : used
    return sum.plus(turned.mul(multiplier))
  }, new Decimal(0))
}

export function evidenceText(proof: ProvenBill): readonly string[] {
  const { estimates, handEntered } = billEvidence(proof)
  const rests = `${estimates.amount} / ${proof.bill.amount} 元 yuan (${estimates.percent} %, ${kwh(estimates.energy)} kWh)`
  return [
    `估算部分 rests on estimates: ${rests}`,
    ...handEntered.map(
      ({ meter, at, source, energy, document, by }) =>
        `※ ${sourceText(source)} ${localMinute(beijing, Date.parse(at))} · 表 meter ${meter} · ${kwh(energy)} kWh · ${document} · ${by}`,
    ),
  ]
}
