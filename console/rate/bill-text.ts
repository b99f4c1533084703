import type { Bill, BillPeriod } from '../../billing/rating/bill.js'
import { formatRounded, parseRational, round } from '../../domain/rational.js'
import type { ComponentTariff } from '../../billing/tariffs/components/tariff-schema.js'
import { textTable } from '../cli/table.js'
import { withChinese } from './step-words.js'
import { nameOf, sourcesOf } from './tariff-words.js'

type Line = BillPeriod['lines'][number]

/** A bill for people: a table of lines for each period, what it comes to, and on request how each line came about and where its price stands. */
export function billText(bill: Bill, tariff: ComponentTariff, isExplained: boolean): string {
  const periods = bill.periods.flatMap((period) => [
    `${period.start} – ${period.end}（${period.month}）`,
    linesTable(period, tariff),
    `合计 total ${period.totals.amount} ${bill.currency}（未舍入 exact ${withDecimal(period.totals.exact)}）`,
    ...(isExplained ? (period.steps ?? []).map((step) => `  ${stepText(step)}`) : []),
    ...(isExplained ? period.lines.flatMap((line) => stepTexts(line, tariff)) : []),
    '',
  ])
  return [...periods, ...differenceTexts(bill)].join('\n').trimEnd()
}

function linesTable({ lines }: BillPeriod, tariff: ComponentTariff): string {
  const isCut = new Set(lines.map(({ from, to }) => `${from} ${to}`)).size > 1
  const head = ['项目 component', '时段 slot', '档 block', '数量 quantity', '单位 unit', '单价 price', '金额 amount']
  return textTable(
    isCut ? [...head, '起止 from – to'] : head,
    lines.map((line) => [
      line.included === true ? `${nameOf(tariff, line)}（已含 included）` : nameOf(tariff, line),
      withChinese(line.slot ?? ''),
      line.block ?? '',
      line.quantity === null ? '' : quantityText(line.quantity),
      line.unit ?? '',
      priceText(line),
      line.amount,
      ...(isCut ? [`${dayText(line.from)} – ${dayText(line.to)}`] : []),
    ]),
  )
}

/** Digits that tell a quotient apart for people; --json and --explain have it exactly. */
const shownDecimals = 6

/** A quotient that does not end, nearly: nobody can picture 20000/31. */
function quantityText(exact: string): string {
  return exact.includes('/') ? nearly(exact) : exact
}

function withDecimal(exact: string): string {
  return exact.includes('/') ? `${exact} ${nearly(exact)}` : exact
}

function nearly(exact: string): string {
  const value = parseRational(exact)
  return value === null
    ? exact
    : `≈${formatRounded(round(value, { mode: 'half_up', decimals: shownDecimals }), shownDecimals)}`
}

/** A midnight is told by its day. */
function dayText(localMinute: string): string {
  return localMinute.replace(/[ T]00:00$/, '')
}

function priceText({ unitPrice, multiple }: Line): string {
  const price = unitPrice ?? '逐点 by interval'
  return multiple === undefined ? price : `${price} × ${multiple}`
}

function stepTexts(line: Line, tariff: ComponentTariff): readonly string[] {
  const { slot, block, steps = [] } = line
  const parts = [slot === null ? null : withChinese(slot), block === null ? null : `第 ${block} 档 block ${block}`]
  const name = [nameOf(tariff, line), ...parts.filter((part) => part !== null)].join('，')
  const ruled = steps.map((step) => `  ${name}：${stepText(step)}`)
  return [...ruled, ...sourcesOf(tariff, line).map((source) => `  ${name}：出处 source ${source}`)]
}

function stepText({ rule, inputs, result }: NonNullable<Line['steps']>[number]): string {
  const given = Object.entries(inputs).map(([input, value]) => `${withChinese(input)}=${value}`)
  return `${withChinese(rule)} ${given.join('，')} → ${result}`
}

function differenceTexts({ difference, currency }: Bill): readonly string[] {
  if (difference === undefined) return []
  return [
    '与以前账单之差 difference from the earlier bill',
    textTable(
      ['项目 component', '金额 amount'],
      difference.byComponent.map(({ component, amount }) => [component, amount]),
    ),
    `合计 total ${difference.amount} ${currency}`,
  ]
}
