import { nearestTexts } from '../../domain/nearest-texts.js'
import type { AgreementEntry } from '../../domain/customer-entries.js'
import type { DocumentProblem } from './document-problem.js'

/** Tariffs against which codes of agreements are compared. */
export interface KnownTariffs {
  /** Of which a version is on record. With none at all, master data came first (go-live) and nothing is compared. */
  readonly onRecord: ReadonlySet<string>
  /** Those that somebody said are still to be adopted. */
  readonly toCome: ReadonlySet<string>
}

/** So many unknown tariffs are told what may have been meant. */
const mostSuggestions = 50

/** Agreements that name a tariff which nobody knows, but for those that the registry holds in just that way. */
export function tariffProblems(
  agreements: readonly Partial<AgreementEntry>[],
  { onRecord, toCome }: KnownTariffs,
  existing: readonly AgreementEntry[],
): readonly DocumentProblem[] {
  if (onRecord.size === 0) return []
  const held = new Set(existing.map(({ account, tariff }) => `${account} ${tariff}`))
  let suggestions = 0
  return agreements.flatMap(({ account, tariff }, index): readonly DocumentProblem[] => {
    if (tariff === undefined || onRecord.has(tariff) || toCome.has(tariff)) return []
    if (held.has(`${account} ${tariff}`)) return []
    return [
      {
        path: `agreements.${index}.tariff`,
        problem: `无此电价 no such tariff: ${tariff}`,
        code: 'unknown_tariff',
        nearest: suggestions++ < mostSuggestions ? nearestTexts(tariff, onRecord) : [],
      },
    ]
  })
}
