import type { ProofEvidence } from '../../billing/proof/proof-document.js'
import { kwh, registersText } from './kwh-text.js'

/** With what the first bill begins: the batches of the old books, who answers for them, and each figure. */
export function openingText({ opening }: ProofEvidence): readonly string[] {
  if (opening === null) return []
  const { batches, registers, estimates, ladder, demands, prepaid, arrears } = opening
  return [
    ...batches.map(
      ({ batch, document, author, approvers, sha256 }) =>
        `期初 opening ${batch} · ${document} · ${[author, ...approvers].join(' + ')} · SHA-256 ${sha256.slice(0, 16)}…`,
    ),
    ...registers.map((one) => `  上次结算示数 last billed ${one.meter} ${registersText(one.registers)}`),
    ...estimates.map(
      ({ fromDay, toDay, energies }) =>
        `  已按估抄结算，由首次实抄扣回 billed by estimate 估抄 estimate ${fromDay} … ${toDay}: ${kwh(energies.total)} kWh`,
    ),
    ...(ladder === null ? [] : [`  年阶梯 ladder ${kwh(ladder.energy)} kWh · ${ladder.months} 个月 months`]),
    ...demands.map(({ month, kw }) => `  需量 demand ${month}: ${kw} kW`),
    ...(Number(prepaid) === 0 ? [] : [`  预存 prepaid ${prepaid} 元 yuan`]),
    ...arrears.map(({ bill, amount, dueDate }) => `  欠费 arrear ${bill} ${amount} 元 yuan · 到期 due ${dueDate}`),
  ]
}
