import { type IntervalVerdict, type SlotQuality, slotQualities } from '../../domain/interval-day.js'
import { quantities } from '../../domain/quantities.js'
import { formatScaled } from '../../domain/scaled.js'
import { type Calendar, localMinute, minuteMs } from '../../domain/time.js'
import type { StoredDay } from '../../storage/mdm/interval-day-reads.js'
import { textTable } from '../cli/table.js'

export const verdictWords: Readonly<Record<IntervalVerdict, string>> = {
  complete: '完整 complete',
  filled: '已补全 filled',
  held: '搁置 held',
}

/** Marks behind a value; a measured one has none. */
const marks: Readonly<Record<SlotQuality, string>> = {
  measured: '',
  estimated: '~',
  missing: '?',
  not_installed: '·',
  suspect: '!',
}
const legend = '~ 估计 estimated · ? 缺点 missing · · 未装 not installed · ! 可疑 suspect'
const minutesPerHour = 60
const barWidth = 20

/** A day of a curve for people: its verdict and registers, then an hour a line with a bar. */
export function dayText(day: StoredDay, meterCode: string, calendar: Calendar): string {
  const { unit } = quantities[day.channel]
  return [
    textTable([`电表 meter ${meterCode}`, ''], summaryRows(day, unit, calendar)),
    textTable(['时 hour', ...minuteHeadings(day.slotMinutes), unit, '曲线 curve'], hourRows(day, calendar)),
    ...(day.qualities.every((quality) => quality === slotQualities.measured) ? [] : [legend]),
  ].join('\n')
}

function summaryRows(day: StoredDay, unit: string, calendar: Calendar): readonly (readonly string[])[] {
  const { startE4, endE4, sumE4, differenceE4, verdict, rules, reason, fills } = day
  const orUnknown = (valueE4: bigint | null) => (valueE4 === null ? '不详 unknown' : formatScaled(valueE4, 4))
  return [
    ['用电日 day of use', `${day.serviceDate} · ${day.qualities.length} × ${day.slotMinutes} min`],
    ['量 channel', `${day.channel} · ${unit}，未乘倍率 before the multiplier`],
    ['结论 verdict', verdictWords[verdict]],
    ...(rules.length === 0 ? [['规则 rules', '无 none']] : ruleRows(rules, reason)),
    ['起止示数 registers', `${orUnknown(startE4)} → ${orUnknown(endE4)}`],
    ['各点之和 sum · 差 difference', `${formatScaled(sumE4, 4)} · ${orUnknown(differenceE4)}`],
    ...fills.map(({ slot, slots, energyE4, method, basisDays, halfWidthE4 }) => [
      `补点 filled ${localMinute(calendar, day.dayStart + slot * day.slotMinutes * minuteMs).slice(-5)}`,
      `${slots} 点 slots, ${formatScaled(energyE4, 4)} ${unit} · ${method}, ${basisDays} 日 days · ± ${formatScaled(halfWidthE4, 4)}`,
    ]),
    ['修订 revision', `${day.revision} · ${day.policyVersion} · ${localMinute(calendar, day.recordedAt)}`],
  ]
}

/** The reasons are kept in the order of the rules. */
function ruleRows(rules: readonly string[], reason: string): readonly (readonly string[])[] {
  const reasons = reason.split('; ')
  return rules.map((rule, place) => [`规则 ${rule}`, reasons[place] ?? ''])
}

function minuteHeadings(slotMinutes: number): readonly string[] {
  const perHour = minutesPerHour / slotMinutes
  return Array.from({ length: perHour }, (_, slot) => `:${String(slot * slotMinutes).padStart(2, '0')}`)
}

/** Hours of elapsed time under the hour that a clock on the wall showed. */
function hourRows(day: StoredDay, calendar: Calendar): readonly (readonly string[])[] {
  const perHour = minutesPerHour / day.slotMinutes
  const hours = Array.from({ length: Math.ceil(day.qualities.length / perHour) }, (_, hour) => hour * perHour)
  const sums = hours.map((slot) => day.energiesE4.subarray(slot, slot + perHour).reduce((sum, each) => sum + each, 0n))
  const most = sums.reduce((a, b) => (a > b ? a : b), 1n)
  return hours.map((slot, hour) => {
    const cells = Array.from({ length: perHour }, (_, place) => cellText(day, slot + place))
    const start = localMinute(calendar, day.dayStart + slot * day.slotMinutes * minuteMs).slice(-5)
    const sumE4 = sums[hour] ?? 0n
    return [
      start,
      ...cells,
      formatScaled(sumE4, 4),
      '█'.repeat(Number((sumE4 * BigInt(barWidth)) / most)).padEnd(barWidth),
    ]
  })
}

function cellText({ energiesE4, qualities }: StoredDay, slot: number): string {
  const energyE4 = energiesE4[slot]
  if (energyE4 === undefined) return ''
  const quality = qualityName(qualities[slot])
  return quality === 'missing' || quality === 'not_installed'
    ? marks[quality]
    : `${formatScaled(energyE4, 4)}${marks[quality]}`
}

export function qualityName(stored: number | undefined): SlotQuality {
  const names = Object.keys(slotQualities) as readonly SlotQuality[]
  return names.find((name) => slotQualities[name] === stored) ?? 'missing'
}
