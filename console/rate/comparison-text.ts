import type { ComparisonDocument } from '../../billing/rating/compare/comparison-document.js'
import type { Factor } from '../../billing/rating/compare/factors.js'
import {
  compare,
  divide,
  floor,
  isZero,
  multiply,
  parseRational,
  rational,
  type Rational,
  zero,
} from '../../domain/rational.js'
import { present } from '../../domain/result.js'
import { textTable } from '../cli/table.js'

export const factorWords: Readonly<Record<Factor, string>> = {
  days: '天数 days',
  quantity: '电量 quantity',
  slot_mix: '峰谷结构 slot mix',
  block: '阶梯 block',
  price: '电价 price',
  power_factor: '力调 power factor',
  demand: '需量容量 demand',
  correction: '退补更正 correction',
}

type Step = ComparisonDocument['factors'][number]

/** Why a bill differs from another one, for a clerk on the telephone: one sentence, then a table whose bars show what weighs most. */
export function comparisonText(comparison: ComparisonDocument, isExplained: boolean): string {
  const { factors, difference, currency, from, to } = comparison
  const longest = factors.map(({ amount }) => magnitude(amount)).reduce(larger, zero)
  return [
    sideText('前 first', from, currency),
    sideText('后 second', to, currency),
    sentence(comparison),
    textTable(
      ['因素 factor', '前 → 后 was → is', '金额 amount', '之后合计 total', '减 less ┊ 增 more'],
      [
        ...factors.map(({ factor, amount, total, ...figures }) => [
          factorWords[factor],
          figuresText(figures),
          signed(amount),
          total,
          bar(amount, longest),
        ]),
        ['合计 sum', '', signed(difference), to.amount, ''],
      ],
    ),
    ...(isExplained ? factors.flatMap(componentTexts) : []),
  ].join('\n')
}

function sideText(title: string, side: ComparisonDocument['from'], currency: string): string {
  return `${title}  ${side.start} – ${side.end}  ${side.tariff}  ${side.amount} ${currency}`
}

const mostNamed = 3

/** What was said first is remembered: how much, which way, and the few factors that weigh most. */
function sentence({ difference, currency, factors }: ComparisonDocument): string {
  const weighing = factors
    .filter(({ amount }) => !isZero(numberOf(amount)))
    .toSorted((a, b) => compare(magnitude(b.amount), magnitude(a.amount)))
    .slice(0, mostNamed)
    .map(({ factor, amount }) => `${factorWords[factor]} ${signed(amount)}`)
  if (weighing.length === 0) return '两张账单没有差别 the two bills do not differ'
  const way = isZero(numberOf(difference))
    ? '合计相同 same total'
    : difference.startsWith('-')
      ? `少 less ${difference.slice(1)} ${currency}`
      : `多 more ${difference} ${currency}`
  return `${way}：主要因为 mainly ${weighing.join('，')}`
}

function figuresText({ was, is }: Pick<Step, 'was' | 'is'>): string {
  if (was === is) return was ?? ''
  return `${was ?? '—'} → ${is ?? '—'}`
}

function signed(amount: string): string {
  return amount.startsWith('-') || isZero(numberOf(amount)) ? amount : `+${amount}`
}

const halfWidth = 12

/** Less grows to the left of the line, more to the right; what is not nothing shows at least one block. */
function bar(amount: string, longest: Rational): string {
  const length = isZero(longest)
    ? 0
    : Number(-floor(divide(multiply(magnitude(amount), rational(BigInt(-halfWidth))), longest)))
  const blocks = '█'.repeat(length)
  const isLess = amount.startsWith('-')
  return `${(isLess ? blocks : '').padStart(halfWidth)}┊${(isLess ? '' : blocks).padEnd(halfWidth)}`
}

function componentTexts({ factor, byComponent }: Step): readonly string[] {
  if (byComponent.length === 0) return []
  return [
    `${factorWords[factor]}: ${byComponent.map(({ component, amount }) => `${component} ${signed(amount)}`).join(', ')}`,
  ]
}

function magnitude(amount: string): Rational {
  const value = numberOf(amount)
  return compare(value, zero) < 0 ? { n: -value.n, d: value.d } : value
}

function larger(a: Rational, b: Rational): Rational {
  return compare(a, b) >= 0 ? a : b
}

function numberOf(text: string): Rational {
  return present(parseRational(text), `amount ${text}`)
}
