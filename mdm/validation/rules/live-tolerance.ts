import type { ValidationRule } from '../rule.js'

/** A live read stands for its midnight only within the tolerance; later it is a value nobody asked for. */
export const liveTolerance: ValidationRule = ({ chosen, readAt, dueAt }, policy) => {
  if (chosen.source !== 'live') return null
  if (dueAt !== null && readAt - dueAt <= policy.liveToleranceMs) return null
  return `live read is not within ${policy.liveToleranceMs / 60_000} minutes after a due point`
}
