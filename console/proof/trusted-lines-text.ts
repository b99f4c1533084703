import type { TrustReason } from '../../billing/checker/components/on-trust.js'
import type { LinesChecked } from '../../billing/checker/verdict.js'

const words: Readonly<Record<TrustReason, string>> = {
  unknown_operation: '含核验程序不算的运算 an operation the checker does not work out',
  quantity_not_stated: '电量不在账单上 a quantity the bill does not state',
  cut_period: '期内有变更 something changes within the period',
  quantity_rule: '分段期间的免费或最低电量 free or least quantities of a part of the period',
  unknown_model: '按时序分档或分时段的逐点价 blocks that fill as time goes by, prices by interval in slots',
  unknown_scope: '阶梯周期 the scope of the blocks',
  unknown_component: '核验程序不认识的费用 a charge the checker does not know',
}

/** How many lines the independent checker worked out, and which it took on trust. */
export function linesCheckedText({ workedOut, onTrust, untraced }: LinesChecked): readonly string[] {
  const trusted = onTrust.reduce((sum, { lines }) => sum + lines, 0)
  return [
    `明细 lines：重算 worked out ${workedOut}，未重算 taken on trust ${trusted}`,
    ...onTrust.map(({ component, reason, lines }) => `  ${component} ${lines}：${words[reason]}`),
    ...(untraced.length === 0 ? [] : [`  未追溯至报文的电量 quantities not traced to frames：${untraced.join(', ')}`]),
  ]
}
