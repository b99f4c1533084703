import { isUsual, type SuggestionRule } from './suggestion.js'

/** The value lies below an estimate and above the last reading: the meter is right and the estimate was too high. */
export const estimateTooHigh: SuggestionRule = ({ readAt, claims, before, usualE4PerDay }) => {
  const [claim, previous] = [claims[0], before[0]]
  const read = before.find(({ isEstimate }) => !isEstimate)
  if (readAt === null || claim === undefined || previous?.isEstimate !== true || read === undefined) return null
  if (claim.totalE4 >= previous.totalE4) return null
  if (!isUsual(claim.totalE4 - read.totalE4, readAt - read.readAt, usualE4PerDay)) return null
  return {
    name: 'estimate_too_high',
    action: 'accept',
    claim: 1,
    zh: '此前的估算值偏高，示数与上次实抄相符',
    en: 'the estimate before was too high; the value goes on from the last real reading',
  }
}
