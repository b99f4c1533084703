import type { FaultName } from '../../simulators/histories/fault-names.js'
import type { PointHistory } from '../../simulators/histories/history.js'

/** What a billing system answered for one point: energies kWh e4 (total, tou1…tou4), or the code of a hold. */
export type Answer = { readonly released: readonly bigint[] } | { readonly held: string }

export const verdicts = ['true', 'wrong', 'held', 'demanded_hold', 'false_hold'] as const
export type Verdict = (typeof verdicts)[number]

/** Faults that a billing system may not ask anybody about: with them every value that counts is there and right. */
const harmless: ReadonlySet<FaultName> = new Set([
  'late_back_fill',
  'duplicate',
  'field_read_settles',
  'gap',
  'note_at_another_instant',
])

/** Holds that a policy asks for whoever is right: the first bill after an exchange or a new multiplier. */
const demanded: ReadonlySet<string> = new Set(['usage_unlike_history'])

/** Compares an answer with the truth. Knows nothing of how the answer came about. */
export function judge(point: PointHistory, answer: Answer): Verdict {
  if ('released' in answer)
    return point.truth.every((energy, register) => energy === answer.released[register]) ? 'true' : 'wrong'
  if (point.planted.some(({ name }) => !harmless.has(name))) return 'held'
  return demanded.has(answer.held) ? 'demanded_hold' : 'false_hold'
}
