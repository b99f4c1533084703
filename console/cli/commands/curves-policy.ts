import type { Command } from 'commander'
import { type CurvePolicyDocument, curvePolicyKind } from '../../../mdm/curves/policy-document.js'
import type { Io } from '../io.js'
import { addPolicyCommands } from '../policy-commands.js'
import { textTable } from '../table.js'

export function addCurvesPolicyCommands(curves: Command, io: Io): void {
  addPolicyCommands(curves, io, { kind: curvePolicyKind, text: policyText })
}

function policyText(policy: CurvePolicyDocument): string {
  return textTable(
    ['曲线规则 curves', ''],
    [
      ['结算曲线 channels', policy.channels.join(' ')],
      ['未满之日结清 closed after, h', policy.closeAfterHours],
      ['最长补全 longest fill, h', policy.longestFillHours],
      ['相似日 similar days', `${policy.leastSimilarDays}–${policy.similarDays} / ${policy.historyDays} d`],
      ['每小时至多 at most, kWh/h', policy.limitKwhPerHour],
      ['连续零度 zero run, h', policy.zeroRunHours],
      ['与示数之差 tolerance, steps', policy.toleranceSteps],
      ['只提示 notes', policy.notes.join(' ')],
    ],
  )
}
