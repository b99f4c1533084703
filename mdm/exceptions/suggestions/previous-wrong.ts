import { isUsual, type SuggestionRule } from './suggestion.js'

/** The value falls below the one before, but goes on from what was before that: the one before is wrong, not this one. */
export const previousWrong: SuggestionRule = ({ readAt, claims, before, usualE4PerDay }) => {
  const [claim, previous, earlier] = [claims[0], before[0], before[1]]
  if (readAt === null || claim === undefined || previous === undefined || earlier === undefined) return null
  if (claim.totalE4 >= previous.totalE4) return null
  const leapt = !isUsual(previous.totalE4 - earlier.totalE4, previous.readAt - earlier.readAt, usualE4PerDay)
  if (!leapt || !isUsual(claim.totalE4 - earlier.totalE4, readAt - earlier.readAt, usualE4PerDay)) return null
  return {
    name: 'previous_wrong',
    action: 'accept',
    claim: 1,
    zh: '上一示数突增有误，本示数与更早示数相符；接受本值，另更正上一示数',
    en: 'the value before leapt and is wrong; this one goes on from what was earlier: accept it and correct the one before',
  }
}
