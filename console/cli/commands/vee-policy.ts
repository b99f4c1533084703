import type { Command } from 'commander'
import type { PolicyDocument } from '../../../mdm/validation/policy-document.js'
import { validationPolicyKind } from '../../../mdm/validation/policy-kind.js'
import { ruleNames } from '../../../mdm/validation/rule-names.js'
import { ruleText } from '../../exceptions/exception-words.js'
import type { Io } from '../io.js'
import { addPolicyCommands } from '../policy-commands.js'
import { textTable } from '../table.js'

export function addVeePolicyCommands(vee: Command, io: Io): void {
  addPolicyCommands(vee, io, {
    kind: validationPolicyKind,
    text: policyText,
    afterApproval: '已校核的示值以 vee run --again 重新校核 what was decided before is judged anew by vee run --again',
  })
}

function policyText({ classes, groups, physicalLimitKwhPerHour, missingAfterHours }: PolicyDocument): string {
  const { residential, commercial, large_industrial: industrial, agricultural } = classes
  const all = [residential, commercial, industrial, agricultural]
  const words = { hold: '待核 hold', flag: '标明 flag' }
  return [
    textTable(
      ['规则 rule', '居民 residential', '商业 commercial', '大工业 large industrial', '农业 agricultural'],
      [
        ...ruleNames.map((name) => [ruleText(name), ...all.map(({ severities }) => words[severities[name]])]),
        ['突增 jump, × · kWh', ...all.map(({ jump }) => `${jump.times} · ${jump.leastKwh}`)],
        [
          '超历史最大日 above fullest, % · kWh',
          ...all.map(({ aboveFullest }) => `${aboveFullest.percent} · ${aboveFullest.leastKwh}`),
        ],
        ['突减 drop, ÷ · kWh', ...all.map(({ drop }) => `${drop.times} · ${drop.leastKwh}`)],
        ['连续零度 zero run, d', ...all.map(({ zeroRunDays }) => zeroRunDays)],
        [
          '近示值 near absolute, % · kWh',
          ...all.map(({ nearAbsolute }) => `${nearAbsolute.percent} · ${nearAbsolute.leastKwh}`),
        ],
        ['超容 demand, %', ...all.map(({ demandPercent }) => demandPercent)],
      ],
    ),
    ...Object.entries(groups).map(([role, names]) => `${role}: ${names.map(ruleText).join(' → ')}`),
    `每小时至多 at most ${physicalLimitKwhPerHour.default} kWh/h · 未抄回 missing after ${missingAfterHours} h`,
  ].join('\n')
}
