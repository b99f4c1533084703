import { lastDay, periodEndDay, periodStartDay, weekdayOf } from './calendar.js'
import { type Chance, topics } from './chance.js'
import type { HonestEvent } from './history.js'
import { loadClasses, type LoadClass } from './load-classes.js'

/** What changes the use of a point honestly: an air conditioner, a works that starts or stops, people who leave and come back. */
export interface Turn {
  readonly event: Extract<HonestEvent, 'rise' | 'drop' | 'vacancy'>
  readonly fromDay: number
  readonly toDay: number
  /** Of the use before. */
  readonly percent: number
}

const mostDays = lastDay + 2

/** What a meter's connection carries for a month on end, kWh e4. */
const mostMonthlyE4 = 12_000_0000n

function mostPercent(monthlyE4: bigint): number {
  return Math.max(150, Number((mostMonthlyE4 * 100n) / (monthlyE4 + 1n)))
}

/** At most one turn, somewhere from the week before the period to its end. */
export function drawTurn(chance: Chance, loadClass: LoadClass, monthlyE4: bigint): Turn | null {
  if (loadClass === 'vacant' && !chance.perMille(100, topics.event, 0)) return null
  const fromDay = chance.between(periodStartDay - 7, periodEndDay - 1, topics.event, 1)
  if (!chance.perMille(150, topics.event, 2)) return null
  const event: Turn['event'] = chance.pick<Turn['event']>(['rise', 'drop', 'vacancy'], topics.event, 3)
  if (event === 'vacancy') {
    const toDay = fromDay + chance.between(3, 25, topics.event, 5)
    return { event, fromDay, toDay, percent: chance.below(2, topics.event, 6) * 4 }
  }
  const most = Math.min(loadClass === 'vacant' ? 10_000 : 800, mostPercent(monthlyE4))
  const percent = event === 'rise' ? chance.between(120, most, topics.event, 4) : chance.between(5, 50, topics.event, 4)
  return { event, fromDay, toDay: mostDays, percent }
}

/** Percent of the mean day for each day of a history. */
export function drawLevels(chance: Chance, loadClass: LoadClass, turn: Turn | null): readonly number[] {
  const { weekdays, dayPercent } = loadClasses[loadClass]
  const [first, last] = [chance.between(85, 115, topics.season, 0), chance.between(85, 115, topics.season, 1)]
  return Array.from({ length: mostDays }, (_, day) => {
    const season = first + Math.trunc(((last - first) * day) / mostDays)
    const mood = chance.between(dayPercent[0], dayPercent[1], topics.dayLevel, day)
    const isDry = loadClass === 'irrigation' && chance.perMille(400, topics.dayLevel, day, 1)
    const turned = turn !== null && day >= turn.fromDay && day < turn.toDay ? turn.percent : 100
    return isDry ? 0 : Math.trunc(((weekdays[weekdayOf(day)] ?? 100) * mood * season * turned) / 1_000_000)
  })
}
