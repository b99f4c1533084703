import { isUsual, type SuggestionRule } from './suggestion.js'

/** Several values under one key: one of them goes on from what was before and is not above what comes after. */
export const oneOfTheClaims: SuggestionRule = ({ readAt, claims, before, after, usualE4PerDay }) => {
  const previous = before[0]
  if (readAt === null || claims.length < 2 || previous === undefined) return null
  const fitting = claims.flatMap(({ totalE4 }, index) => {
    const next = after[0]
    const notAbove = next === undefined || totalE4 <= next.totalE4
    return notAbove && isUsual(totalE4 - previous.totalE4, readAt - previous.readAt, usualE4PerDay) ? [index + 1] : []
  })
  const [claim] = fitting
  if (claim === undefined || fitting.length > 1) return null
  return {
    name: 'one_of_the_claims',
    action: 'accept',
    claim,
    zh: `第 ${claim} 个值与前后示数相符，其余不符`,
    en: `value ${claim} fits what was before and after, the others do not`,
  }
}
