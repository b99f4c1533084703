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

const exact = (text: string): Rational => present(parseRational(text), text)

t.test('texts are read exactly and written as short as they can be', async (t) => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['0.50', '0.5'],
    ['-12.500', '-12.5'],
    ['-0.0', '0'],
    ['5/12', '5/12'],
    ['10/4', '2.5'],
    ['-0.1/0.3', '-1/3'],
    [
      '0.12345678901234567890123456789012345678901234567890123456789012345',
      '0.12345678901234567890123456789012345678901234567890123456789012345',
    ],
    ['1/0', null],
    ['1e3', null],
    ['.5', null],
    ['5.', null],
    ['+1', null],
    ['', null],
  ]
  for (const [text, expected] of rows) {
    const value = parseRational(text)
    t.equal(value === null ? null : formatRational(value), expected, text)
  }
})

t.test('a rounding is half away from zero, half to even, away from zero or towards it', async (t) => {
  const rows: readonly (readonly [string, number, readonly [string, string, string, string]])[] = [
    ['0.125', 2, ['0.13', '0.12', '0.13', '0.12']],
    ['0.135', 2, ['0.14', '0.14', '0.14', '0.13']],
    ['-0.125', 2, ['-0.13', '-0.12', '-0.13', '-0.12']],
    ['0.1200001', 2, ['0.12', '0.12', '0.13', '0.12']],
    ['1/3', 4, ['0.3333', '0.3333', '0.3334', '0.3333']],
    ['2.5', 0, ['3', '2', '3', '2']],
    ['-15', -1, ['-20', '-20', '-20', '-10']],
    ['25', -1, ['30', '20', '30', '20']],
    ['0', 2, ['0.00', '0.00', '0.00', '0.00']],
  ]
  const modes: readonly RoundingMode[] = ['half_up', 'half_even', 'up', 'down']
  for (const [text, decimals, expected] of rows)
    t.same(
      modes.map((mode) => formatRounded(round(exact(text), { mode, decimals }), decimals)),
      expected,
      text,
    )
})

t.test('sums, products and quotients lose nothing', async (t) => {
  const third = rational(1n, 3n)
  t.same(add(add(third, third), third), rational(1n))
  t.same(subtract(multiply(exact('0.1'), exact('0.2')), exact('0.02')), rational(0n))
  t.same(divide(exact('1'), exact('-3')), rational(-1n, 3n))
  t.equal(compare(exact('1/3'), exact('0.3333333333')), 1)
  t.same([floor(exact('-0.5')), ceiling(exact('-0.5')), floor(exact('2')), ceiling(exact('7/3'))], [-1n, 0n, 2n, 3n])
})
