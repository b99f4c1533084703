import type { LocalDays } from '../../billing/what-if/lay-over.js'
import type { ScenarioTariff } from '../../billing/what-if/scenario-tariffs.js'

/**
 * Which tariffs of a scenario are not in force on all days of the run: one that stands alone is asked about as if it were, because prices
 * are asked about before they hold. Whoever meant its days should know.
 */
export function validityNotes(scenario: readonly ScenarioTariff[], { from, to }: LocalDays): readonly string[] {
  return scenario.flatMap((one) => {
    const versions = one.format === 'tariff/1' ? [one] : one.components.versions
    const [only] = versions
    if (only === undefined || versions.length > 1) return []
    const { validFrom, validTo } = only
    if (validFrom <= from && (validTo === undefined || validTo >= to)) return []
    const days = `${validFrom} … ${validTo ?? '另行通知 further notice'}`
    return [
      `注意 note：${one.code} 有效期 in force ${days}，试算按整个账期 applied to all of ${from} … ${to} all the same`,
    ]
  })
}
