import fc from 'fast-check'
import t from 'tap'
import { divideHalfUp, formatScaled, lineFen, parseScaled } from '../../domain/scaled.js'

t.test('parses plain decimals that the scale can hold', async (t) => {
  const cases: readonly (readonly [string, 0 | 2 | 4 | 8, bigint | null])[] = [
    ['12.5', 2, 1250n],
    ['-0.01', 2, -1n],
    ['0', 4, 0n],
    ['0.54690000', 4, 5469n],
    ['0.54691', 4, null],
    ['1e3', 2, null],
    [' 1', 2, null],
    ['', 2, null],
    ['999999999999999999.99', 2, 99999999999999999999n],
  ]
  for (const [text, scale, expected] of cases) t.equal(parseScaled(text, scale), expected, text)
})

t.test('formats what it parsed', async (t) => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), (value) => parseScaled(formatScaled(value, 4, 2), 4) === value),
    { seed: 7 },
  )
  t.equal(formatScaled(125000n, 4, 2), '12.50')
  t.equal(formatScaled(-1n, 4), '-0.0001')
})

t.test('divides half away from zero', async (t) => {
  const cases: readonly (readonly [bigint, bigint, bigint])[] = [
    [125n, 10n, 13n],
    [-125n, 10n, -13n],
    [124n, 10n, 12n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [0n, 7n, 0n],
  ]
  for (const [numerator, divisor, expected] of cases) t.equal(divideHalfUp(numerator, divisor), expected)
  t.throws(() => divideHalfUp(1n, 0n), { name: 'InvariantError' })
})

t.test('rounds one line once', async (t) => {
  t.equal(lineFen(1_500_000n, 57_690_000n), 8654n, '150 kWh × 0.5769 = 86.535 -> 86.54')
  t.equal(lineFen(-1_500_000n, 57_690_000n), -8654n)
  t.equal(lineFen(1_000_000n, 37_690_000n), 3769n)
})
