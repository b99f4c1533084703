import type { Command } from 'commander'
import type { ExceptionPolicy } from '../../../domain/exception-policy.js'
import { exceptionPolicyKind } from '../../../mdm/exceptions/policy-kind.js'
import { actionWords, kindText, ruleText } from '../../exceptions/exception-words.js'
import type { Io } from '../io.js'
import { addPolicyCommands } from '../policy-commands.js'
import { textTable } from '../table.js'

export function addExceptionsPolicyCommand(exceptions: Command, io: Io): void {
  addPolicyCommands(exceptions, io, { kind: exceptionPolicyKind, text: policyText })
}

function policyText({ kinds, approvals, watchedRules, ...policy }: ExceptionPolicy): string {
  return [
    textTable(
      ['类别 kind', '期限 deadline h', '改变计费之可能 ‰ changes the bill'],
      Object.entries(kinds).map(([kind, { deadlineHours, changePermille }]) => [
        kindText(kind),
        deadlineHours,
        changePermille,
      ]),
    ),
    textTable(
      ['须他人审批 second person', '电量 above kWh', '金额 above ¥', '条数 above items', '仅此类 only kinds'],
      approvals.map(({ action, kinds: only, aboveKwh, aboveYuan, aboveItems }) => [
        `${actionWords[action]} ${action}`,
        aboveKwh,
        aboveYuan,
        aboveItems,
        only === undefined ? '' : only.map(kindText).join('\n'),
      ]),
    ),
    `未抄回 missing after ${policy.missingAfterHours} h · 估算至多 estimates at most ${policy.longestEstimateDays} d · 关注规则 watched rules ${watchedRules.map(ruleText).join('、')}`,
  ].join('\n')
}
