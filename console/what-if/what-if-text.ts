import { textTable } from '../cli/table.js'
import type { ChangeDocument, WhatIfDocument } from './what-if-document.js'

/** What a run would come to, for the tariff desk. */
export function whatIfText(document: WhatIfDocument, asked: readonly ChangeDocument[]): string {
  const { run, accounts, before, after, change, changeExact, touched, increased, decreased } = document
  return [
    `批次 run ${run}：${accounts} 户 accounts；自检 self-test 0.00`,
    `应收 receivable ${before} → ${after}，${signed(change)}（未舍入 exact ${signed(changeExact)}）`,
    `涉及 touched ${touched} 户：增 more ${increased}，减 less ${decreased}，金额不变 same amount ${touched - increased - decreased}`,
    ...holdTexts(document),
    tariffTable(document),
    ...(touched === 0 ? [] : ['', '变化分布 distribution of changes', distributionTable(document)]),
    ...(document.largest.length === 0 ? [] : ['', '变化最大 largest changes', changeTable(document.largest)]),
    ...(asked.length === 0 ? [] : ['', '所问各户 accounts asked for', changeTable(asked)]),
  ].join('\n')
}

function holdTexts({ newlyHeld, released }: WhatIfDocument): readonly string[] {
  return newlyHeld + released === 0 ? [] : [`新挂起 newly held ${newlyHeld}，解挂 released ${released}`]
}

function tariffTable({ byTariff }: WhatIfDocument): string {
  return textTable(
    ['电价 tariff', '户数 accounts', '电量 kWh', '原 before', '新 after', '变化 change'],
    byTariff.map((one) => [one.tariff, one.accounts, one.energyKwh, one.before, one.after, signed(one.change)]),
  )
}

const barWidth = 24

function distributionTable({ distribution, accounts }: WhatIfDocument): string {
  return textTable(
    ['变化 change', '户数 accounts', '图 chart'],
    distribution
      .filter((bin) => bin.accounts > 0)
      .map(({ from, below, accounts: count }) => [
        from === null ? `< ${below}` : below === null ? `≥ ${from}` : rangeText(from, below),
        count,
        '█'.repeat(Math.ceil((barWidth * count) / accounts)).padEnd(barWidth),
      ]),
  )
}

/** Bounds are whole fen, so the last amount inside is one below the upper one. */
function rangeText(from: string, below: string): string {
  return from === '0.00' ? '0.00' : `[${from}, ${below})`
}

export function changeTable(changes: readonly ChangeDocument[]): string {
  return textTable(
    ['户号 account', '电价 tariff', '电量 kWh', '原 before', '新 after', '变化 change', '未舍入 exact'],
    changes.map(({ account, tariff, energyKwh, before, after, change, changeExact, holdBefore, holdAfter }) => [
      account,
      tariff,
      energyKwh,
      holdBefore ?? before,
      holdAfter ?? after,
      signed(change),
      signed(changeExact),
    ]),
  )
}

function signed(amount: string): string {
  return amount.startsWith('-') || /^[0.]+$/.test(amount) ? amount : `+${amount}`
}
