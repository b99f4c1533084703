import { isUsual, type SuggestionRule } from './suggestion.js'

/** A new meter starts near zero. */
const mostAtStartE4 = 200_0000n
/** So many later values must go on from the fall. */
const fewestLater = 2

/** The registers fell to almost nothing and count on from there: another meter hangs there than the registry says. */
export const exchangeNotRecorded: SuggestionRule = ({ readAt, claims, before, after, usualE4PerDay }) => {
  const [claim, previous] = [claims[0], before[0]]
  if (readAt === null || claim === undefined || previous === undefined) return null
  if (claim.totalE4 >= previous.totalE4 || claim.totalE4 > mostAtStartE4 || after.length < fewestLater) return null
  const goesOn = after.every(({ readAt: at, totalE4 }) => isUsual(totalE4 - claim.totalE4, at - readAt, usualE4PerDay))
  if (!goesOn) return null
  return {
    name: 'exchange_not_recorded',
    action: 'field_order',
    zh: '示数由近零起连续增长，疑似换表未建档；到场核对表号',
    en: 'the registers count on from near zero: an exchange that nobody recorded; look at the meter number on site',
  }
}
