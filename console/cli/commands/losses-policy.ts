import type { Command } from 'commander'
import { type LossPolicyDocument, lossPolicyKind } from '../../../mdm/losses/policy-document.js'
import type { Io } from '../io.js'
import { addPolicyCommands } from '../policy-commands.js'
import { textTable } from '../table.js'

export function addLossesPolicyCommands(losses: Command, io: Io): void {
  addPolicyCommands(losses, io, { kind: lossPolicyKind, text: policyText })
}

function policyText(policy: LossPolicyDocument): string {
  return textTable(
    ['线损规则 losses', ''],
    [
      ['线损率上限 above, %', policy.abovePercent],
      ['高于常值 above the usual by, %', policy.risePercent],
      ['常值 usual: median of days', `${policy.usualLeastDays}–${policy.usualDays}`],
      ['负损上限 gain above, %', policy.negativePercent],
      ['至少 at least, kWh', policy.leastKwh],
    ],
  )
}
