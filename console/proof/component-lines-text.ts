import type { ComponentProof } from '../../billing/proof/proof-document.js'
import { parseComponentTariff } from '../../billing/tariffs/components/parse-document.js'
import type { ComponentTariff } from '../../billing/tariffs/components/tariff-schema.js'
import { present } from '../../domain/result.js'
import { billText } from '../rate/bill-text.js'

/**
 * The stored lines as `rate` shows them, under the names that the tariff gives; explained with the steps of each and the source of its price.
 * Lines that the inputs no longer come to have no steps, and that is said.
 */
export function componentLinesText(proof: ComponentProof, isExplained: boolean): readonly string[] {
  const { bill, rated, tariff, ratedSha256 } = proof
  if (ratedSha256 === bill.linesSha256) return billText(rated, tariffOf(tariff), isExplained).split('\n')
  const periods = rated.periods.map((period) => ({
    ...period,
    lines: bill.lines,
    totals: { ...period.totals, amount: bill.amount },
  }))
  return [
    `✗ 存档的明细与重算不符 the stored lines are not what the inputs come to: ${bill.linesSha256} ≠ ${ratedSha256}`,
    ...billText({ ...rated, periods }, tariffOf(tariff), false).split('\n'),
  ]
}

/** The versions under which a bill was rated, with their digests. */
export function tariffsText({ bill, tariff }: ComponentProof): readonly string[] {
  return tariff.versions.map(({ document, sha256 }) => {
    const { versions } = tariffOf({ versions: [{ document, sha256 }] })
    return `电价 tariff ${bill.tariffCode} v${versions.map(({ version }) => version).join(', ')} · SHA-256 ${sha256.slice(0, 16)}…`
  })
}

function tariffOf({ versions }: ComponentProof['tariff']): ComponentTariff {
  const parsed = versions.flatMap(({ document }) => {
    const tariff = parseComponentTariff(document)
    return tariff.ok ? [tariff.value] : []
  })
  const last = present(parsed.at(-1), 'a version that was registered')
  return { ...last, versions: parsed.flatMap((one) => one.versions) }
}
