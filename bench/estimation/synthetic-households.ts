import type { Random } from '../../domain/runtime.js'
import { type Household, toHousehold } from './households.js'

const perMille = 1000n
const weekendDays: ReadonlySet<number> = new Set([5, 6])

/**
 * Homes with what makes real ones hard to foretell: weather that all share, a week, habits that drift, days away, and days with guests.
 * Whole numbers throughout; the same seed gives the same homes.
 */
export function syntheticHouseholds(count: number, days: number, random: Random): readonly Household[] {
  const weather = drift(days, { least: 700, most: 1500, step: 60 }, (bound, day) => random.below(bound, 'weather', day))
  return Array.from({ length: count }, (_, home) => {
    const draw = (bound: number, what: string, day = 0) => random.below(bound, what, home, day)
    const levelE4 = BigInt(30_000 + draw(150_000, 'level'))
    const weekend = 800 + draw(700, 'weekend')
    const habits = drift(days, { least: 600, most: 1500, step: 90 }, (bound, day) => draw(bound, 'habits', day))
    const away = absences(days, (bound, day) => draw(bound, 'away', day))
    const usages = weather.map((outside, day) => {
      const guests = draw(25, 'guests', day) === 0 ? 700 + draw(1300, 'many', day) : 0
      const chance = 650 + draw(350, 'a', day) + draw(350, 'b', day) + guests
      const parts = [
        outside,
        weekendDays.has(day % 7) ? weekend : 1000,
        habits[day] ?? 1000,
        chance,
        away[day] === true ? 200 : 1000,
      ]
      return parts.reduce((usage, part) => (usage * BigInt(part)) / perMille, levelE4)
    })
    return toHousehold(`synthetic-${home}`, '2025-01-06', usages)
  })
}

function drift(
  days: number,
  { least, most, step }: { readonly least: number; readonly most: number; readonly step: number },
  draw: (bound: number, day: number) => number,
): readonly number[] {
  let at = least + draw(most - least, -1)
  return Array.from({ length: days }, (_, day) => {
    at = Math.min(most, Math.max(least, at + draw(2 * step + 1, day) - step))
    return at
  })
}

function absences(days: number, draw: (bound: number, day: number) => number): readonly boolean[] {
  let until = 0
  return Array.from({ length: days }, (_, day) => {
    if (day >= until && draw(70, day) === 0) until = day + 2 + draw(9, day + days)
    return day < until
  })
}
