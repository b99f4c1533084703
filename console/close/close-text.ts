import type { RunState } from '../../storage/billing/runs.js'
import { exceptionCountsText } from '../bills/exception-counts-text.js'
import { textTable } from '../cli/table.js'
import type { CloseDocument } from './close-document.js'

const stateWords: Readonly<Record<RunState, string>> = {
  frozen: '已冻结',
  dry_run: '已试算',
  reviewed: '已审核',
  issued: '已发行',
  posted: '已过账',
}

const stateText = (state: RunState) => `${stateWords[state]} ${state}`

/** All runs, one a row. */
export function closeListText(runs: readonly CloseDocument[]): string {
  return textTable(
    ['批次 run', '状态 state', '户数 accounts', '账单 bills', '电量 kWh', '金额 amount', '未出账 without a bill'],
    runs.map(({ run, state, accounts, bills, energyKwh, amount, exceptions }) => [
      run,
      stateText(state),
      accounts,
      bills,
      energyKwh,
      amount,
      exceptionCountsText(exceptions),
    ]),
    { spare: ['电量 kWh', '未出账 without a bill'] },
  )
}

/** One run: what it comes to, who did what, and what is to be done next. */
export function closeText(close: CloseDocument): string {
  const exceptions = Object.values(close.exceptions).reduce((sum, accounts) => sum + accounts, 0)
  return [
    `批次 run ${close.run} · ${stateText(close.state)} · 记账日 accounting date ${close.accountingDate} · 到期日 due date ${close.dueDate}`,
    ...ratedText(close, exceptions),
    ...(close.before === null
      ? []
      : [
          `上期已发行 issued for the period before：账单 bills ${close.before.bills}，${close.before.energyKwh} kWh，${close.before.amount}`,
        ]),
    ...(close.digest === null ? [] : [`摘要 digest ${close.digest}`]),
    textTable(
      ['步骤 step', '何人 who', '何时 when'],
      close.steps.map(({ state, actor, at }) => [stateText(state), actor, at]),
    ),
    ...nextText(close),
  ].join('\n')
}

function ratedText(close: CloseDocument, exceptions: number): readonly string[] {
  const without = exceptions === 0 ? '' : `（${exceptionCountsText(close.exceptions)}）`
  if (close.digest === null)
    return [
      `户数 accounts ${close.accounts}，冻结时未出账 without a bill since the freeze ${exceptions}${without}；已试算 rated ${close.rated}/${close.segments} 段 segments`,
    ]
  return [
    `户数 accounts ${close.accounts} = 账单 bills ${close.bills} + 未出账 without a bill ${exceptions}${without}`,
    `电量 energy ${close.energyKwh} kWh，金额 amount ${close.amount}；段 segments ${close.segments}，已发行 issued ${close.issued}，已过账 posted ${close.posted}`,
  ]
}

const whoIsNext = {
  'dry-run': '下一步 next',
  review: '下一步：由未编制本批次的人审核 next, by somebody who did not prepare it',
  issue: '下一步：由未审核的人发行 next, by somebody who did not review it',
  post: '下一步 next',
} as const

/** The command with all it needs but the person. */
function nextText({ next, organisation, from, run, digest }: CloseDocument): readonly string[] {
  if (next === null) return []
  const accepting = next === 'review' ? ` --digest ${digest ?? '…'}` : ''
  const command = `shuangwu close ${next} ${from.slice(0, 7)} --organisation ${organisation} --run ${run}${accepting} --actor …`
  return [`${whoIsNext[next]}: ${command}`]
}
