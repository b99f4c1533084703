import { weekdays } from '../../../domain/slot-calendar.js'
import { fallsOn, minutesOfDay, specialDayTypes, weekdayTypes, windowsOf } from '../../../domain/slot-hours.js'
import type { SlotSet } from './slot-schema.js'

export type SlotDefectKind =
  | 'minute_twice'
  | 'minute_without_slot'
  | 'slot_repeated'
  | 'residual_unknown'
  | 'slot_never'

/** What is wrong with a calendar; `where` names the place in it. */
export interface SlotDefect {
  readonly kind: SlotDefectKind
  readonly where: string
  readonly message: string
}

/** Everything that would leave a minute without a slot or with two, on any day of the year and of any type. */
export function checkSlotSet(set: SlotSet): readonly SlotDefect[] {
  const names = set.slots.map(({ name }) => name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  const defects: SlotDefect[] = repeated.map((name) => ({
    kind: 'slot_repeated',
    where: 'slots',
    message: `slot ${name} comes twice`,
  }))
  if (set.residual !== undefined && !names.includes(set.residual))
    defects.push({ kind: 'residual_unknown', where: 'residual', message: `no slot is ${set.residual}` })
  const dates = (set.specialDays ?? []).map(({ date }) => date)
  const twice = dates.filter((date, index) => dates.indexOf(date) !== index)
  defects.push(
    ...twice.map(
      (date): SlotDefect => ({ kind: 'minute_twice', where: 'specialDays', message: `${date} comes twice` }),
    ),
  )
  if (set.slots.filter(({ otherwise }) => otherwise === true).length > 1)
    defects.push({ kind: 'minute_twice', where: 'slots', message: 'two slots take all time that is left' })
  for (const [index, slot] of set.slots.entries()) {
    const isEver = slot.when !== undefined || slot.otherwise === true || slot.intervals !== undefined
    if (!isEver)
      defects.push({ kind: 'slot_never', where: `slots.${index}`, message: `slot ${slot.name} says no time` })
  }
  return defects.length > 0 ? defects : checkDays(set)
}

/** Any leap year: only its days of the year count. */
const someYear = 2024

function checkDays(set: SlotSet): readonly SlotDefect[] {
  const kinds = dayKinds(set)
  const seen = new Set<string>()
  for (let day = 0; day < 366; day += 1) {
    const date = new Date(Date.UTC(someYear, 0, 1 + day)).toISOString().slice(0, 10)
    for (const types of kinds) {
      const layout = layoutOf(set, date, types)
      const id = layout.map(({ name, from, to }) => `${name} ${from} ${to}`).join('|')
      if (seen.has(id)) continue
      seen.add(id)
      const defect = checkLayout(set, layout, `${date.slice(5)} (${types.join(', ')})`)
      if (defect !== null) return [defect]
    }
  }
  return []
}

/**
 * A day is a day of the week, or of one special type: one that a special day is said to be, a weekday or weekend without a name among them, or one
 * that slots ask for, since the usage may call days.
 */
function dayKinds(set: SlotSet): readonly (readonly string[])[] {
  const ordinary = weekdays.map((name) => weekdayTypes(set, name))
  const asked = set.slots.flatMap(({ when = [] }) => when.flatMap(({ days = [] }) => days))
  const called = asked.filter((type) => !ordinary.flat().includes(type))
  const special = new Set([...called, ...(set.specialDays ?? []).map(({ as }) => as)])
  return [...ordinary, ...[...special].map((type) => specialDayTypes(set, type))]
}

interface Window {
  readonly name: string
  readonly from: number
  readonly to: number
}

function layoutOf(set: SlotSet, date: string, types: readonly string[]): readonly Window[] {
  return set.slots
    .flatMap(({ name, when = [] }) =>
      when
        .filter((one) => fallsOn(one, date, types))
        .flatMap(windowsOf)
        .map(([from, to]) => ({ name, from, to })),
    )
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
}

function checkLayout(set: SlotSet, layout: readonly Window[], day: string): SlotDefect | null {
  const leavesNothing = set.partial !== true && !set.slots.some(({ otherwise }) => otherwise === true)
  let reached = 0
  for (const { name, from, to } of layout) {
    if (from < reached)
      return {
        kind: 'minute_twice',
        where: 'slots',
        message: `${clock(from)} on ${day} is in ${name} and in another slot`,
      }
    if (from > reached && leavesNothing) return missing(reached, day)
    reached = Math.max(reached, to)
  }
  return reached < minutesOfDay && leavesNothing ? missing(reached, day) : null
}

function missing(minute: number, day: string): SlotDefect {
  return { kind: 'minute_without_slot', where: 'slots', message: `${clock(minute)} on ${day} is in no slot` }
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
