import fc from 'fast-check'
import t from 'tap'
import { maxValueDigits, plainDecimal } from '../../../protocols/concentrator/exact-number.js'

const cases: readonly [text: string, decimal: string | null][] = [
  ['12.340', '12.340'],
  ['-0.5', '-0.5'],
  ['12345678901234567890.12', '12345678901234567890.12'],
  ['0.30000000000000004', '0.30000000000000004'],
  ['1e3', '1000'],
  ['1.5e1', '15'],
  ['1.25e1', '12.5'],
  ['123456e-2', '1234.56'],
  ['-5E-3', '-0.005'],
  ['1.2e-1', '0.12'],
  ['0e5', '0'],
  ['1e400', null],
  ['1e-400', null],
  ['1e99999', null],
  ['9'.repeat(maxValueDigits + 1), null],
  ['', null],
  ['abc', null],
  ['1,5', null],
  [' 1', null],
  ['0x10', null],
]

for (const [text, decimal] of cases) {
  t.test(`${text.slice(0, 30)} is ${decimal}`, async (t) => t.equal(plainDecimal(text), decimal))
}

t.test('an exponent moves the point and nothing else', async () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 12n),
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: -12, max: 12 }),
      (digits, decimals, exponent) => {
        const whole = digits.toString().padStart(decimals + 1, '0')
        const mantissa = decimals === 0 ? whole : `${whole.slice(0, -decimals)}.${whole.slice(-decimals)}`
        const text = plainDecimal(`${mantissa}e${exponent}`)
        if (text === null) return false
        const [integer = '', fraction = ''] = text.split('.')
        const scale = 24
        const got = BigInt(integer + fraction.padEnd(scale, '0'))
        return got === digits * 10n ** BigInt(scale + exponent - decimals)
      },
    ),
    { seed: 1, numRuns: 2000 },
  )
})
