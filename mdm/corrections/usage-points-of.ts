import type { CorrectionChange } from '../../domain/registry-correction.js'
import type { Instant } from '../../domain/time.js'
import type { FoundTarget } from './correction-target.js'

/** Codes of the usage points that a correction names, each once; of an agreement, an event or a meter there may be none. */
export function usagePointsOf({ of, instead }: CorrectionChange): readonly string[] {
  const named = [of, ...(instead === null ? [] : [instead])]
  return [...new Set(named.flatMap((one) => ('usagePoint' in one ? [one.usagePoint] : [])))]
}

/** The earliest instant of which a correction says something else. */
export function correctedFrom({ instead }: CorrectionChange, { at }: Pick<FoundTarget, 'at'>): Instant {
  return instead === null || instead.kind === 'meter' ? at : Math.min(at, Date.parse(instead.at))
}
