import { dayMs } from '../../../domain/time.js'
import { isUsual, type SuggestionRule } from './suggestion.js'

/** Days without a value after which a large difference is no wonder. */
const fewestDays = 2

/** Nothing was read for days, and by the day the difference is what this meter usually counts. */
export const lateRead: SuggestionRule = ({ readAt, claims, before, usualE4PerDay }) => {
  const [claim, previous] = [claims[0], before[0]]
  if (readAt === null || claim === undefined || previous === undefined) return null
  const days = Math.round((readAt - previous.readAt) / dayMs)
  if (days < fewestDays || !isUsual(claim.totalE4 - previous.totalE4, readAt - previous.readAt, usualE4PerDay))
    return null
  return {
    name: 'late_read',
    action: 'accept',
    claim: 1,
    zh: `此前 ${days} 天无示数，按日均与历史相符`,
    en: `nothing was read for ${days} days; by the day the usage is as usual`,
  }
}
