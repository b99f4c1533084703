import t from 'tap'
import { beijing, type Instant } from '../../../domain/time.js'
import { billAtRisk, moneyOnce } from '../../../mdm/exceptions/money-once.js'

const at = (date: string): Instant => beijing.startOfDay(date)

t.test('a doubt puts the month of an account at risk, and what is about no account itself', async (t) => {
  const none = { accountCode: 'a', readAt: null, periodStart: null, timeZone: 'Asia/Shanghai' }
  const cases: readonly [what: string, doubt: object, bill: string][] = [
    ['a midnight within the month', { readAt: at('2026-07-16') }, 'a 2026-07'],
    ['the midnight that closes it', { readAt: at('2026-08-01') }, 'a 2026-07'],
    ['the midnight that opens it', { readAt: at('2026-07-01') }, 'a 2026-06'],
    ['a period', { periodStart: at('2026-07-01') }, 'a 2026-07'],
    ['no account', { accountCode: null, readAt: at('2026-07-16') }, 'own'],
    ['no instant', {}, 'own'],
  ]
  for (const [what, doubt, bill] of cases) t.equal(billAtRisk({ ...none, ...doubt }, 'own'), bill, what)
})

t.test('each bill counts once, at the most that one of its doubts says', async (t) => {
  const cases: readonly [rows: readonly [bill: string, fen: bigint][], sum: bigint][] = [
    [[], 0n],
    [[['a', 5n]], 5n],
    [Array.from({ length: 34 }, (): [string, bigint] => ['a', 5n]), 5n],
    [
      [
        ['a', 5n],
        ['b', 3n],
        ['a', 7n],
      ],
      10n,
    ],
  ]
  for (const [rows, sum] of cases)
    t.equal(
      moneyOnce(
        rows,
        ([bill]) => bill,
        ([, fen]) => fen,
      ),
      sum,
    )
})
