import t from 'tap'
import type { RegisterSet } from '../../../domain/reading.js'
import { tariffsContradictTotal } from '../../../headend/acquisition/register-doubts.js'

const table: readonly (readonly [string, bigint, RegisterSet['touE4'], boolean])[] = [
  ['an exact sum', 1_000_000n, [100_000n, 200_000n, 300_000n, 400_000n], false],
  ['four counts hidden by cutting off', 1_000_400n, [100_000n, 200_000n, 300_000n, 400_000n], false],
  ['five counts too many', 1_000_500n, [100_000n, 200_000n, 300_000n, 400_000n], true],
  ['five counts too few', 999_500n, [100_000n, 200_000n, 300_000n, 400_000n], true],
  ['two registers, three counts', 300_300n, [100_000n, 200_000n, null, null], true],
  ['two registers, two counts', 300_200n, [null, 100_000n, null, 200_000n], false],
  ['no tariffs at all', 12n, [null, null, null, null], false],
]

for (const [name, totalE4, touE4, expected] of table) {
  t.test(`${name}: ${expected ? 'doubtful' : 'sound'}`, async (t) => {
    t.equal(tariffsContradictTotal({ totalE4, touE4 }), expected)
  })
}
