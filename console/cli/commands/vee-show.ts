import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { RegisterSet } from '../../../domain/reading.js'
import { formatScaled } from '../../../domain/scaled.js'
import { beijing, dayMs, type Instant, localMinute } from '../../../domain/time.js'
import {
  claimsAt,
  type DecisionOfKey,
  decisionsAt,
  decisionsBefore,
  findMeterId,
  type SaidOfKey,
  type WithdrawnNote,
  withdrawnNotesAt,
} from '../../../storage/mdm/validation-screen.js'
import { ruleText } from '../../exceptions/exception-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { quantityText, sourceText, verdictText } from '../reading-words.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { zonedMinute } from '../zoned-minute.js'

const shownDays = 31

interface Key {
  readonly meter: string
  readonly at: Instant
  readonly claims: readonly SaidOfKey[]
  readonly withdrawn: readonly WithdrawnNote[]
  readonly decisions: readonly DecisionOfKey[]
  readonly history: readonly DecisionOfKey[]
}

export function addVeeShowCommand(vee: Command, io: Io): void {
  vee
    .command('show')
    .description('一个示值的来龙去脉 what was said of a reading, what came before it, and how it was decided')
    .argument('<meter>', '电表资产号 meter code')
    .requiredOption('--at <instant>', '示值时刻 the instant of the reading, such as 2026-07-01', parseInstant)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (meter: string, { at, json }: { readonly at: Instant; readonly json?: true }) => {
      const key = await withDatabase(io, 'reader', async (reader): Promise<Key> => {
        const meterId = await findMeterId(reader, meter)
        if (meterId === null) throw new UserError('not_found', `${meter}: 无此电表 no meter of this code`)
        return {
          meter,
          at,
          claims: await claimsAt(reader, meterId, at),
          withdrawn: await withdrawnNotesAt(reader, meterId, at),
          decisions: await decisionsAt(reader, meterId, at),
          history: await decisionsBefore(reader, meterId, { from: at - shownDays * dayMs, to: at }),
        }
      })
      io.out(json === true ? toJson(key) : keyText(key))
    })
}

function keyText({ meter, at, claims, withdrawn, decisions, history }: Key): string {
  const parts = [`${meter} · ${zonedMinute(beijing, at)}`]
  parts.push(
    claims.length === 0
      ? '无示值 nobody said anything'
      : textTable(
          ['量 quantity', '来源 source', '总 total', '各费率 by tariff', '入库 recorded'],
          claims.map(({ quantity, source, registers, recordedAt }) => [
            quantityText(quantity),
            sourceText(source),
            kwh(registers.totalE4),
            touText(registers),
            localMinute(beijing, recordedAt),
          ]),
        ),
  )
  if (withdrawn.length > 0) parts.push('已撤销 withdrawn', textTable(withdrawnHead, withdrawn.map(withdrawnRow)))
  parts.push(
    '结论 decisions',
    decisions.length === 0
      ? '未校核 not validated'
      : textTable(decisionHead, decisions.map(decisionRow), { spare: ['方案 policy'] }),
  )
  if (history.length > 0) parts.push('此前 before', textTable(historyHead, history.map(historyRow)))
  return parts.join('\n')
}

const withdrawnHead = [
  '量 quantity',
  '总 total',
  '各费率 by tariff',
  '单据 document',
  '撤销 withdrawn',
  '缘由 why',
  '何人 by',
]

function withdrawnRow({ quantity, registers, document, withdrawnAt, reason, author, approver }: WithdrawnNote) {
  return [
    quantityText(quantity),
    kwh(registers.totalE4),
    touText(registers),
    document,
    localMinute(beijing, withdrawnAt),
    reason,
    `${author} + ${approver}`,
  ]
}

function touText({ touE4 }: RegisterSet): string {
  return touE4.map((value) => (value === null ? '—' : kwh(value))).join(' ')
}

const decisionHead = [
  '量 quantity',
  '次 revision',
  '结论 verdict',
  '总 total',
  '规则 rules',
  '原因 reason',
  '方案 policy',
  '何人 by',
  '时间 recorded',
]

function decisionRow(decision: DecisionOfKey) {
  const { quantity, revision, verdict, totalE4, rules, reason, policyVersion, decidedBy, recordedAt } = decision
  return [
    quantityText(quantity),
    revision,
    verdictText(verdict),
    totalE4 === null ? '—' : kwh(totalE4),
    rules.map(ruleText).join('\n'),
    reason,
    policyVersion ?? '—',
    decidedBy ?? '系统 system',
    localMinute(beijing, recordedAt),
  ]
}

const historyHead = ['量 quantity', '时刻 read at', '结论 verdict', '总 total', '用量 usage', '规则 rules']

function historyRow(
  { quantity, readAt, verdict, totalE4, rules }: DecisionOfKey,
  index: number,
  all: readonly DecisionOfKey[],
) {
  const before = all.slice(0, index).findLast((each) => each.quantity === quantity && each.totalE4 !== null)
  const usage =
    totalE4 === null || before?.totalE4 === undefined || before.totalE4 === null ? '—' : kwh(totalE4 - before.totalE4)
  return [
    quantityText(quantity),
    localMinute(beijing, readAt),
    verdictText(verdict),
    totalE4 === null ? '—' : kwh(totalE4),
    usage,
    rules.map(ruleText).join('\n'),
  ]
}

function kwh(e4: bigint): string {
  return formatScaled(e4, 4, 2)
}
