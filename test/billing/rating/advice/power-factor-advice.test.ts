import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { powerFactorAdvice, type PowerFactorAdvice } from '../../../../billing/rating/advice/power-factor-advice.js'
import type { Documents } from '../../../../billing/rating/compare/factors.js'
import { rateUsage } from '../../../../billing/rating/rate-usage.js'
import { formatRational } from '../../../../domain/rational.js'
import { present } from '../../../../domain/result.js'
import { checkoutRoot } from '../../../architecture/source-files.js'
import { documentsOf } from '../compare/documents.js'

function example(name: string): Documents {
  const [tariff, usage] = ['tariff', 'usage'].map((part): unknown =>
    JSON.parse(readFileSync(join(checkoutRoot, 'docs', 'schemas', 'rate', `${name}.${part}.json`), 'utf8')),
  )
  return documentsOf(tariff, usage)
}

function adviceOf({ tariff, usage }: Documents): PowerFactorAdvice {
  const advice = powerFactorAdvice(tariff, usage)
  if (!advice.ok) throw new Error(JSON.stringify(advice.error))
  return advice.value
}

const shown = ({ steps }: PowerFactorAdvice) =>
  steps.map(({ powerFactor, lessKvarh, adjustment, saving }) =>
    [formatRational(powerFactor), lessKvarh, formatRational(adjustment), formatRational(saving)].join(' '),
  )

/**
 * 108 810 kWh and 60 000 kvarh. cos φ of Q rounds to 0.89 from 0.885 on: Q² ≤ 108810² × (1 ÷ 0.885² − 1), so Q ≤ 57 244, 2756 less. The base is
 * 68340.60 + 34783.87 = 103124.47: 1 % = 1031.24, 0.5 % = 515.62, then 0.15 % for each hundredth above 0.90 = 154.69, …, 0.75 % = 773.43.
 */
t.test('each step of the standard table, worked by hand', (t) => {
  const advice = adviceOf(example('two-part'))
  t.equal(formatRational(advice.now.powerFactor), '0.88')
  t.equal(formatRational(advice.now.adjustment), '1031.24')
  t.same(shown(advice), [
    '0.89 2756 515.62 515.62',
    '0.9 5770 0 1031.24',
    '0.91 8852 -154.69 1185.93',
    '0.92 12023 -309.37 1340.61',
    '0.93 15304 -464.06 1495.3',
    '0.94 18729 -618.75 1649.99',
    '0.95 22341 -773.43 1804.67',
  ])
  t.equal(formatRational(present(advice.steps[0], 'a step').meanKvar), '689/186', '2756 kvarh over 744 hours')
  t.end()
})

t.test('one kvarh less than a step asks for does not reach it, and rating says the same', (t) => {
  const { tariff, usage } = example('two-part')
  const rateWith = (less: bigint) => {
    const [period] = usage.periods
    const quantities = [...present(period, 'a period').quantities, { name: 'reactive', value: `-${less}` }]
    const bill = rateUsage(tariff, { ...usage, periods: [{ ...present(period, 'a period'), quantities }] })
    if (!bill.ok) throw new Error(bill.error.message)
    const [rated] = bill.value.periods
    const factor = rated?.quantities.find(({ name }) => name === 'power_factor')?.value
    return { factor, total: rated?.totals.amount }
  }
  for (const { powerFactor, lessKvarh, total } of adviceOf({ tariff, usage }).steps) {
    t.match(rateWith(lessKvarh), {
      factor: formatRational(powerFactor),
      total: new RegExp(`^${formatRational(total)}`),
    })
    t.not(rateWith(lessKvarh - 1n).factor, formatRational(powerFactor))
  }
  t.end()
})

interface Change {
  readonly component?: object
  readonly quantities?: readonly object[]
  readonly without?: true
}

/** 1000 kWh at 1.00, 750 kvarh: cos φ is 0.80. */
function small({ component = { table: { standard: '0.85' } }, quantities, without }: Change): Documents {
  const components = [
    { kind: 'usage', code: 'energy', model: { kind: 'per_unit', price: '1' } },
    ...(without ? [] : [{ kind: 'power_factor', code: 'pf', of: ['energy'], ...component }]),
  ]
  const rounding = { line: { mode: 'half_up', decimals: 2 } }
  const version = { version: 1, validFrom: '2026-01-01', rounding, components }
  return documentsOf(
    { format: 'tariff/2', code: 'small', currency: { code: 'CNY', decimals: 2 }, versions: [version] },
    {
      format: 'usage/1',
      zone: 'Asia/Shanghai',
      periods: [
        {
          start: '2026-06-01',
          end: '2026-07-01',
          quantities: [{ name: 'energy', value: '1000' }, ...(quantities ?? [{ name: 'reactive', value: '750' }])],
        },
      ],
    },
  )
}

t.test('steps end where the bill no longer changes', (t) => {
  const rows = {
    table: {
      rows: [
        { from: '0', percent: '5' },
        { from: '0.9', percent: '0' },
      ],
    },
  }
  // 1000² ÷ (1000² + Q²) ≥ 0.895²: Q ≤ 498, 252 less.
  t.same(shown(adviceOf(small({ component: rows }))), ['0.9 252 0 50'])
  t.same(
    adviceOf(small({ quantities: [{ name: 'reactive', value: '0' }] })).steps,
    [],
    'there is nothing better than 1',
  )
  t.end()
})

t.test('what gives no advice says why', (t) => {
  const refused: readonly (readonly [Change, string])[] = [
    [{ without: true }, 'no_power_factor'],
    [{ component: { table: { standard: '0.85' }, given: '0.8' } }, 'reactive_not_named'],
    [
      {
        component: { table: { standard: '0.85' }, reactive: { op: 'add', of: ['reactive', 'reactive_export'] } },
        quantities: [
          { name: 'reactive', value: '700' },
          { name: 'reactive_export', value: '50' },
        ],
      },
      'reactive_not_named',
    ],
    [{ quantities: [{ name: 'reactive', slot: 'peak', value: '750' }] }, 'reactive_in_parts'],
    [{ quantities: [] }, 'bill_not_rated'],
  ]
  for (const [change, kind] of refused) {
    const { tariff, usage } = small(change)
    t.match(powerFactorAdvice(tariff, usage), { ok: false, error: { kind } })
  }
  t.end()
})
