import { formatScaled } from '../../domain/scaled.js'
import { calendarFor, localMinute } from '../../domain/time.js'
import type { BilledDifference, CurveDifference } from '../../storage/mdm/billed-differences.js'
import { textTable } from '../cli/table.js'
import { holdWords } from './determinant-text.js'

const mostShown = 50

const curveWords: Readonly<Record<CurveDifference, string>> = {
  taken_up: '现按曲线分时 now split by its curve',
  given_up: '不再按曲线分时 no longer split by its curve',
  other_days: '所据表日修订不同，分时可能不同 other revisions of its days: split by time may differ',
}

/** What a freeze says of bills that are out already; null where all of them rest on the same quantities. */
export function billedDifferenceText(differences: readonly BilledDifference[]): string | null {
  if (differences.length === 0) return null
  const known = differences.flatMap((one) => differenceE4(one) ?? [])
  const sumE4 = known.reduce((sum, one) => sum + one, 0n)
  const held = differences.length - known.length
  const shown = differences.slice(0, mostShown)
  return [
    `已发行账单与本次计费量不同 issued bills rest on another set: ${differences.length} · 合计 in all ${signed(sumE4)} kWh${held === 0 ? '' : ` · 现为待核 now held ${held}`}`,
    '账单未改动；须出更正账单 the bills stay as they are; each needs a correction',
    textTable(
      ['户号 account', '账单 bill', '自 from', '依据 set', '已开 billed kWh', '现为 now', '差 kWh', '另有 and'],
      shown.map((one) => [
        one.account,
        String(one.billNumber),
        localMinute(calendarFor(one.timeZone), one.periodStart),
        String(one.billedSet),
        formatScaled(one.billedE4, 4),
        nowText(one),
        signed(differenceE4(one)),
        alsoOther(one).join('、'),
      ]),
    ),
    ...(differences.length > shown.length ? [`… ${differences.length - shown.length} 户 more; --json lists all`] : []),
  ].join('\n')
}

/** For programs: energies as decimal text, instants in ISO 8601. */
export function billedDifferenceJson(one: BilledDifference): object {
  const difference = differenceE4(one)
  return {
    account: one.account,
    bill: String(one.billNumber),
    billedSet: String(one.billedSet),
    periodStart: new Date(one.periodStart).toISOString(),
    periodEnd: new Date(one.periodEnd).toISOString(),
    billedKwh: formatScaled(one.billedE4, 4),
    frozenKwh: one.frozenE4 === null ? null : formatScaled(one.frozenE4, 4),
    differenceKwh: difference === null ? null : formatScaled(difference, 4),
    hold: one.holdCode,
    noLongerInSet: one.isGone,
    timeOfUseDiffers: one.isTouOther,
    termsDiffer: one.areTermsOther,
    curve: one.curve,
    otherQuantities: one.otherQuantities,
    correctionNeeded: true,
  }
}

export function nowText({ frozenE4, holdCode, isGone }: BilledDifference): string {
  if (isGone) return '已不在本集 no longer in this set'
  if (frozenE4 !== null) return formatScaled(frozenE4, 4)
  return `待核 held: ${[holdWords(holdCode ?? ''), holdCode ?? ''].join(' ').trim()}`
}

export function alsoOther({
  isGone,
  isTouOther,
  areTermsOther,
  curve,
  otherQuantities,
}: BilledDifference): readonly string[] {
  return [
    ...(isGone ? ['应全额冲回，电量可能已计他户 all of it is too much: its kWh may be another’s now'] : []),
    ...(isTouOther ? ['分时 time of use'] : []),
    ...(areTermsOther ? ['电价或期间 tariff or period'] : []),
    ...(curve === null ? [] : [curveWords[curve]]),
    ...otherQuantities,
  ]
}

/** Frozen less billed; null where nobody knows yet what will be. Of an account that is gone all of the bill is too much. */
export function differenceE4({ billedE4, frozenE4, isGone }: BilledDifference): bigint | null {
  if (isGone) return -billedE4
  return frozenE4 === null ? null : frozenE4 - billedE4
}

export function signed(valueE4: bigint | null): string {
  if (valueE4 === null) return '—'
  return valueE4 > 0n ? `+${formatScaled(valueE4, 4)}` : formatScaled(valueE4, 4)
}
