import type { CorrectionChange } from '../../domain/registry-correction.js'

/** Codes of the usage points that a correction names, each once; of an agreement or an event there are none. */
export function usagePointsOf({ of, instead }: CorrectionChange): readonly string[] {
  const named = [of, ...(instead === null ? [] : [instead])]
  return [...new Set(named.flatMap((one) => ('usagePoint' in one ? [one.usagePoint] : [])))]
}

/** The earliest instant of which a correction says something else. */
export function correctedFrom({ of, instead }: CorrectionChange): number {
  const at = Date.parse(of.at)
  return instead === null ? at : Math.min(at, Date.parse(instead.at))
}
