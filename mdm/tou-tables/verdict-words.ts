import { groupBy } from '../../domain/group-by.js'
import type { SlotDifference } from './compare-slots.js'
import { minuteText } from './day-slots.js'

/** Minutes that differ in the same way on several days. */
export interface DifferingMinutes extends Omit<SlotDifference, 'date'> {
  readonly firstDate: string
  readonly lastDate: string
  readonly days: number
}

/** Differences day by day as one line for each kind, the longest-lasting first. */
export function differingMinutes(differences: readonly SlotDifference[]): readonly DifferingMinutes[] {
  const groups = groupBy(differences, ({ fromMinute, toMinute, register, meterSlot, tariffSlot }) =>
    JSON.stringify([fromMinute, toMinute, register, meterSlot, tariffSlot]),
  )
  return [...groups.values()]
    .flatMap((same) => {
      const [first] = same
      if (first === undefined) return []
      const { date: firstDate, ...minutes } = first
      return [{ ...minutes, firstDate, lastDate: same.at(-1)?.date ?? firstDate, days: same.length }]
    })
    .toSorted((left, right) => right.days - left.days || left.fromMinute - right.fromMinute)
}

/** One sentence for a hold or a finding. */
export function differenceText(differences: readonly SlotDifference[]): string {
  const [first, ...others] = differingMinutes(differences)
  if (first === undefined) return ''
  const { fromMinute, toMinute, register, meterSlot, tariffSlot, days, firstDate } = first
  const counts = `counts tou${register} (${meterSlot ?? 'no slot'}) where the tariff says ${tariffSlot}`
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return `${counts}, ${minuteText(fromMinute)}-${minuteText(toMinute)} on ${days === 1 ? '1 day' : `${days} days`} from ${firstDate}${more}`
}
