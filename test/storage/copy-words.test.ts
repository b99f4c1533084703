import fc from 'fast-check'
import t from 'tap'
import { encodeCopy } from '../../storage/copy-binary.js'
import { bigintOf, createWordDecoder, instantOf, wholeOf } from '../../storage/copy-words.js'

const columns = ['int8', 'timestamptz', 'int8'] as const
const row = fc.tuple(
  fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
  fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) }),
  fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
)

t.test('words come out as they went in, wherever the chunks end', async (t) => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), fc.integer({ min: 1, max: 64 }), (rows, chunkBytes) => {
      const bytes = Buffer.concat([...encodeCopy(columns, rows)])
      const back: unknown[] = []
      const decoder = createWordDecoder(columns.length, (words) =>
        back.push([BigInt(wholeOf(words, 0)), instantOf(words, 1), words.isNull[2] === 1 ? null : bigintOf(words, 2)]),
      )
      for (let at = 0; at < bytes.length; at += chunkBytes) decoder.push(bytes.subarray(at, at + chunkBytes))
      decoder.end()
      t.strictSame(back, rows)
    }),
    { seed: 20260701, numRuns: 60 },
  )
})

t.test('a stream that stops short, is no binary COPY or has other fields is refused', async (t) => {
  const bytes = Buffer.concat([...encodeCopy(['int8'], [[1n], [2n]])])
  const cut = createWordDecoder(1, () => undefined)
  cut.push(bytes.subarray(0, -1))
  t.throws(() => cut.end(), /ends with its trailer/)
  t.throws(() => createWordDecoder(1, () => undefined).push(Buffer.alloc(64)), /signature/)
  t.throws(() => createWordDecoder(2, () => undefined).push(bytes), /2 fields, not 1/)
})
