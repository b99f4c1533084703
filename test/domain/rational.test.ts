import t from 'tap'
import {
  add,
  ceiling,
  compare,
  divide,
  floor,
  formatRational,
  formatRounded,
  multiply,
  parseRational,
  type Rational,
  rational,
  round,
  type RoundingMode,
  subtract,
} from '../../domain/rational.js'
import { present } from '../../domain/result.js'
import { createFuzzRandom } from '../fuzz/fuzz-random.js'

const number = (text: string) => present(parseRational(text), text)

t.test('reads decimals and quotients, and nothing else', async (t) => {
  const texts = [
    ['0.5769', '0.5769'],
    ['-12.50', '-12.5'],
    ['007', '7'],
    ['5/12', '5/12'],
    ['-6/4', '-1.5'],
    ['1.5/0.25', '6'],
    ['1/3', '1/3'],
    ['-0', '0'],
  ] as const
  for (const [text, shown] of texts) t.equal(formatRational(number(text)), shown, text)
  for (const text of ['', '.5', '5.', '1e3', '+1', ' 1', '1/0', '1/-2', '1/2/3', '0x1', 'NaN', '1_000', '１'])
    t.equal(parseRational(text), null, JSON.stringify(text))
})

t.test('computes without loss', async (t) => {
  t.equal(formatRational(add(number('0.1'), number('0.2'))), '0.3')
  t.equal(formatRational(multiply(divide(number('21'), number('31')), number('31'))), '21')
  t.equal(formatRational(subtract(number('1/3'), number('1/3'))), '0')
  t.equal(formatRational(add(number('1/3'), number('1/6'))), '0.5')
  t.equal(compare(number('1/3'), number('0.3333333333333333333')), 1)
})

t.test('rounds by mode, away from zero alike on both sides', async (t) => {
  const cases: readonly (readonly [string, RoundingMode, number, string])[] = [
    ['0.125', 'half_up', 2, '0.13'],
    ['-0.125', 'half_up', 2, '-0.13'],
    ['0.125', 'half_even', 2, '0.12'],
    ['0.135', 'half_even', 2, '0.14'],
    ['-0.125', 'half_even', 2, '-0.12'],
    ['0.1201', 'up', 2, '0.13'],
    ['-0.1201', 'up', 2, '-0.13'],
    ['0.12', 'up', 2, '0.12'],
    ['0.129', 'down', 2, '0.12'],
    ['-0.129', 'down', 2, '-0.12'],
    ['3226.4', 'half_up', 0, '3226'],
    ['3226.5', 'half_up', 0, '3227'],
    ['1250', 'half_up', -2, '1300'],
    ['1249.99', 'half_up', -2, '1200'],
    ['1/3', 'half_up', 4, '0.3333'],
    ['2/3', 'half_up', 4, '0.6667'],
    ['0.00499999999999999999999999', 'half_up', 2, '0'],
  ]
  for (const [text, mode, decimals, rounded] of cases)
    t.equal(formatRational(round(number(text), { mode, decimals })), rounded, `${text} ${mode} ${decimals}`)
})

t.test('floor and ceiling go down and up below zero too', async (t) => {
  t.same([floor(number('-0.5')), ceiling(number('-0.5')), floor(number('7')), ceiling(number('7'))], [-1n, 0n, 7n, 7n])
  t.same([floor(number('7/2')), ceiling(number('7/2'))], [3n, 4n])
})

t.test('shows rounded numbers with exactly the decimals asked for', async (t) => {
  t.equal(formatRounded(number('3'), 2), '3.00')
  t.equal(formatRounded(number('-0.05'), 2), '-0.05')
  t.equal(formatRounded(rational(1300n), -2), '1300')
  t.throws(() => formatRounded(number('0.005'), 2), { name: 'InvariantError' })
})

t.test('sums, products and texts are in lowest terms, below 2^53 and beyond', async (t) => {
  const random = createFuzzRandom(53)
  const drawn = () => {
    const digits = 1 + random.below(30)
    const text = Array.from({ length: digits }, () => random.below(10)).join('')
    return BigInt(text) * (random.oneIn(2) ? 1n : -1n)
  }
  const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : commonDivisor(b, a % b))
  const isLowest = ({ n, d }: Rational) => d > 0n && commonDivisor(n, d) === 1n
  const wrong = Array.from({ length: 2000 }, () => {
    const powers = [2n ** BigInt(random.below(70)), 5n ** BigInt(random.below(40)), 3n ** BigInt(random.below(3))]
    const a = rational(
      drawn(),
      powers.reduce((product, power) => product * power),
    )
    const b = rational(drawn(), 10n ** BigInt(random.below(25)))
    const [sum, product] = [add(a, b), multiply(a, b)]
    const isRight =
      [a, b, sum, product].every(isLowest) &&
      sum.n * a.d * b.d === (a.n * b.d + b.n * a.d) * sum.d &&
      product.n * a.d * b.d === a.n * b.n * product.d &&
      [a, sum, product].every((one) => compare(number(formatRational(one)), one) === 0)
    return isRight ? null : [a, b]
  }).filter((pair) => pair !== null)
  t.same(wrong, [])
})
