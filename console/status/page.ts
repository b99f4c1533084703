import { formatScaled, yuan } from '../../domain/scaled.js'
import type { StatusData } from './status-data.js'

/** The read-only status page: no script, no outside resource, Chinese first with the English beside it. */
export function statusPage(status: StatusData): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>双无 shuangwu</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header><h1>双无 <small>shuangwu</small></h1><p>无人工抄表、无人工催费 · no manual reading, no manual dunning</p></header>
<main>
${collectionSection(status)}
${billingSection(status)}
${ledgerSection(status)}
${dunningSection(status)}
${taskSection(status)}
</main>
<footer>只读 read-only · 结果哈希 result hash <code>${escape(status.resultHash)}</code></footer>
</body>
</html>
`
}

function collectionSection({ collection }: StatusData): string {
  const { days, lines } = collection
  return section(
    '抄表',
    'Meter reading',
    `${readChart(days)}
${table(
  [
    '通信线路|line',
    '应抄|due',
    '一次抄通|first pass',
    '重试抄通|retried',
    '补召|back-filled',
    '现场补抄|field-read',
    '估算|estimated',
    '人工更正|corrected',
    '待核|held',
    '免抄|exempt',
    '未抄回|open',
  ],
  lines.map((line) => [
    line.line,
    line.due,
    line.firstPass,
    line.retried,
    line.backFilled,
    line.fieldRead,
    line.estimated,
    line.corrected,
    line.held,
    line.exempt,
    line.open,
  ]),
)}`,
  )
}

const chart = { width: 720, height: 120, gap: 2 } as const

/** Share of due points per day that were read in the first pass (solid) and have a value by now (pale). */
function readChart(days: StatusData['collection']['days']): string {
  const step = chart.width / Math.max(1, days.length)
  const bars = days.map((day, index) => {
    const x = (index * step).toFixed(1)
    const width = (step - chart.gap).toFixed(1)
    const settled = barHeight(day.due - day.open - day.held, day.due)
    const first = barHeight(day.firstPass, day.due)
    const title = `${escape(day.date)}: ${day.firstPass}/${day.due} 一次抄通 first pass`
    return `<g><title>${title}</title><rect class="pale" x="${x}" y="${chart.height - settled}" width="${width}" height="${settled}"/><rect class="solid" x="${x}" y="${chart.height - first}" width="${width}" height="${first}"/></g>`
  })
  return `<figure><svg viewBox="0 0 ${chart.width} ${chart.height}" role="img" aria-label="每日抄表成功率 daily read success">${bars.join('')}</svg>
<figcaption>每个用电日：深色为一次抄通，浅色为重试、补召或补抄后有数 · per day of use: solid = first pass, pale = has a value after retry, back-fill or field read</figcaption></figure>`
}

function barHeight(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part * chart.height) / whole)
}

function billingSection({ billing }: StatusData): string {
  return section(
    '电费核算',
    'Billing',
    table(
      ['电价|tariff', '账单|bills', '电量|kWh', '电费|yuan', '含估算|with estimates'],
      billing.map((row) => [row.tariff, row.bills, kwh(row.energyE4), yuan(row.amountFen), row.estimated]),
    ),
  )
}

function ledgerSection({ ledger }: StatusData): string {
  const rows = ledger.map((row) => [
    `${row.accountNumber} ${row.nameZh}|${row.nameEn}`,
    yuan(row.debitFen),
    yuan(row.creditFen),
  ])
  const debit = ledger.reduce((sum, row) => sum + row.debitFen, 0n)
  const credit = ledger.reduce((sum, row) => sum + row.creditFen, 0n)
  return section(
    '账务',
    'Ledger',
    table(['科目|ledger account', '借方|debit', '贷方|credit'], [...rows, ['合计|total', yuan(debit), yuan(credit)]]),
  )
}

function dunningSection({ notices }: StatusData): string {
  return section(
    '催费',
    'Dunning',
    table(
      [
        '步骤|step',
        '渠道|channel',
        '已发|sent',
        '送达|delivered',
        '失败|failed',
        '无回执|no receipt',
        '缴费后停发|stopped by payment',
      ],
      notices.map((row) => [row.step, row.channel, row.sent, row.delivered, row.failed, row.noReceipt, row.suppressed]),
    ),
  )
}

function taskSection({ tasks }: StatusData): string {
  const rows = tasks.open.map((task) => [task.account, task.gridCell, task.assignee, yuan(task.openFen), task.dueDate])
  return section(
    '人工任务',
    'Manual tasks',
    `${table(['户号|account', '网格|grid cell', '责任人|assignee', '欠费|open yuan', '账单到期|bill due'], rows)}
<p>未结 open ${tasks.open.length} · 已了结（缴费等）settled ${tasks.settled}</p>`,
  )
}

function section(chinese: string, english: string, body: string): string {
  return `<section><h2>${chinese} <small>${english}</small></h2>${body}</section>`
}

type Cell = string | number

const figure = /^-?\d[\d.,%-]*$/

/** Headings and labels are "Chinese|English". Words stand to the left, figures and days to the right. */
function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const sides = headings.map((_, place) =>
    rows.some((row) => !figure.test(String(row[place]))) ? ' class="words"' : '',
  )
  const head = headings.map((heading, place) => `<th scope="col"${sides[place] ?? ''}>${label(heading)}</th>`).join('')
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => (index === 0 ? `<th scope="row">${label(String(cell))}</th>` : `<td${sides[index] ?? ''}>${escape(String(cell))}</td>`)).join('')}</tr>`,
  )
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

function label(text: string): string {
  const [chinese = '', english] = text.split('|')
  return english === undefined ? escape(chinese) : `${escape(chinese)} <small>${escape(english)}</small>`
}

function kwh(energyE4: bigint): string {
  return formatScaled(energyE4, 4, 2)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}

const style = `
:root { color-scheme: light dark; --ink: #1b2733; --faint: #5b6b7a; --line: #d5dde5; --paper: #fff; --solid: #1668b8; --pale: #a9cdf0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3eaf1; --faint: #9fb0c0; --line: #33424f; --paper: #121a21; --solid: #5aa9f0; --pale: #264a6b; } }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1, h2 { margin: 1.2rem 0 .4rem; } header p, small, figcaption, footer { color: var(--faint); } small { font-weight: normal; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: right; } th:first-child, .words { text-align: left; } thead th { font-weight: 600; }
figure { margin: .5rem 0 1rem; } svg { width: 100%; height: auto; } .solid { fill: var(--solid); } .pale { fill: var(--pale); }
footer { margin: 2rem 0 1rem; } code { overflow-wrap: anywhere; }
`
