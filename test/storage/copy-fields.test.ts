import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../domain/time.js'
import { encodeCopy } from '../../storage/copy-binary.js'
import { createCopyReader } from '../../storage/copy-fields.js'

const columns = ['int8', 'int8', 'bool', 'date', 'text', 'timestamptz'] as const
const limit = 2n ** 48n
const anyInt8 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -limit - 3n, max: 3n - limit }),
  fc.bigInt({ min: limit - 3n, max: limit + 3n }),
)
const row = fc.tuple(
  fc.bigInt({ min: 1n - 2n ** 53n, max: 2n ** 53n - 1n }),
  anyInt8,
  fc.boolean(),
  fc.integer({ min: -20_000, max: 40_000 }).map((days) => addDays('1970-01-01', days)),
  fc.option(fc.string()),
  fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) }),
)

function clampedTo(value: bigint): bigint {
  if (value > limit) return limit + 1n
  return value < -limit ? -limit - 1n : value
}

t.test('fields come out as they went in, wherever the chunks end', async (t) => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), fc.integer({ min: 1, max: 64 }), (rows, chunkBytes) => {
      const bytes = Buffer.concat([...encodeCopy(columns, rows)])
      const back: unknown[] = []
      const reader = createCopyReader(columns.length, (fields) => {
        const day = addDays('1970-01-01', fields.day(3))
        const text = fields.isNull(4) ? null : fields.text(4)
        const numbers = [BigInt(fields.whole(0)), BigInt(fields.clamped(1, Number(limit)))]
        back.push([...numbers, fields.bool(2), day, text, fields.instant(5)])
      })
      for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes))
      reader.end()
      const expected = rows.map(([whole, any, ...rest]) => [whole, clampedTo(any), ...rest])
      t.strictSame(back, expected)
    }),
    { seed: 20260701, numRuns: 60 },
  )
})

t.test('a whole number that a column cannot hold breaks an invariant', async (t) => {
  for (const value of [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), 2n ** 63n - 1n]) {
    const reader = createCopyReader(1, (fields) => fields.whole(0))
    t.throws(() => reader.push(Buffer.concat([...encodeCopy(['int8'], [[value]])])), { name: 'InvariantError' })
  }
})
