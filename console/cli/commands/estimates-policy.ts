import type { Command } from 'commander'
import { type EstimationPolicyDocument, usageClasses } from '../../../mdm/estimation/policy-document.js'
import { estimationPolicyKind } from '../../../mdm/estimation/policy-kind.js'
import { classWords, methodWords } from '../estimation-words.js'
import type { Io } from '../io.js'
import { addPolicyCommands } from '../policy-commands.js'
import { textTable } from '../table.js'

export function addEstimationPolicyCommands(estimates: Command, io: Io): void {
  addPolicyCommands(estimates, io, { kind: estimationPolicyKind, text: policyText })
}

const policyHead = [
  '类别 class',
  '次序 rank',
  '方法 method',
  '起用 after h',
  '历史 history d',
  '缺口 gap d',
  '户数 peers',
]

function policyText({ classes, holidays }: EstimationPolicyDocument): string {
  const rows = usageClasses.flatMap((usageClass) =>
    classes[usageClass].methods.map((rule, place) => [
      place === 0 ? (classWords[usageClass] ?? usageClass) : '',
      place + 1,
      methodWords[rule.method] ?? rule.method,
      rule.afterHours,
      rule.leastHistoryDays,
      rule.greatestGapDays,
      rule.method === 'peer_profile' ? rule.leastPeers : '',
    ]),
  )
  const limits = usageClasses.map((usageClass) => {
    const { mostConsecutiveDays, mostConsecutivePeriods, billingBoundary } = classes[usageClass]
    const boundary =
      billingBoundary === 'never'
        ? '结算边界不估算 never at a billing boundary'
        : `结算边界可按上期电量，连续 ${mostConsecutivePeriods} 期 a boundary by the previous period, ${mostConsecutivePeriods} in a row`
    return `${classWords[usageClass] ?? usageClass}: 连续至多 ${mostConsecutiveDays} 天 at most ${mostConsecutiveDays} days in a row · ${boundary}`
  })
  return [textTable(policyHead, rows), ...limits, `节假日 holidays ${holidays.length}`].join('\n')
}
