import fc from 'fast-check'
import t from 'tap'
import { type CopyRow, createCopyDecoder, encodeCopy } from '../../storage/copy-binary.js'
import { withDatabase } from '../support/database.js'

const columns = [
  'bool',
  'int2',
  'int4',
  'int8',
  'text',
  'bytea',
  'uuid',
  'date',
  'timestamptz',
  'int2[]',
  'int4[]',
  'int8[]',
  'jsonb',
  'text[]',
] as const
type Row = CopyRow<typeof columns>

const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const instant = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) })
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 })
const row: fc.Arbitrary<Row> = fc.tuple(
  orNull(fc.boolean()),
  orNull(int(16)),
  orNull(int(32)),
  orNull(big),
  orNull(fc.string({ unit: fc.constantFrom('a', '电', '😀', '\n', '\\', "'") })),
  orNull(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  orNull(fc.uuid()),
  orNull(instant.map((ms) => new Date(ms).toISOString().slice(0, 10))),
  orNull(instant),
  orNull(fc.array(int(16))),
  orNull(fc.array(int(32))),
  orNull(fc.array(big)),
  orNull(fc.integer().map((value) => `{"value": ${value}}`)),
  orNull(fc.array(fc.string({ unit: fc.constantFrom('a', '电', '"', ',', '\\') }))),
)

t.test('rows survive encoding and decoding, whatever the chunks', async (t) => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), fc.integer({ min: 1, max: 64 }), (rows, chunkBytes) => {
      const bytes = Buffer.concat([...encodeCopy(columns, rows)])
      t.strictSame(decodeInChunks(bytes, chunkBytes), rows)
    }),
    { seed: 20260301, numRuns: 50 },
  )
})

t.test('the server reads what we write and writes what we read', async (t) => {
  const database = (await withDatabase(t)).as('owner')
  await database.execute(
    `create table sample (ordinal serial, a bool, b int2, c int4, d int8, e text, f bytea, g uuid, h date, i timestamptz, j int2[], k int4[], l int8[], m jsonb, n text[])`,
  )
  const names = 'a, b, c, d, e, f, g, h, i, j, k, l, m, n'
  const rows = fc.sample(row, { seed: 7, numRuns: 5000 })
  t.equal(await database.copyIn(`copy sample (${names}) from stdin (format binary)`, encodeCopy(columns, rows)), 5000)
  const back: Row[] = []
  const decoder = createCopyDecoder(columns, (each) => back.push(each))
  await database.copyOut(`copy (select ${names} from sample order by ordinal) to stdout (format binary)`, decoder.push)
  decoder.end()
  t.strictSame(back, rows)
  const [text] = await database.query<{ readonly same: boolean }>(
    `select count(*) = count(*) filter (where to_char(i at time zone 'UTC', 'YYYY') between '1900' and '2200') as same from sample where i is not null`,
  )
  t.equal(text?.same, true)
})

t.test('a stream that stops short or is not a binary COPY is refused', async (t) => {
  const bytes = Buffer.concat([...encodeCopy(['int4'], [[1], [2]])])
  const cut = createCopyDecoder(['int4'], () => undefined)
  cut.push(bytes.subarray(0, -1))
  t.throws(() => cut.end(), /ends with its trailer/)
  t.throws(() => createCopyDecoder(['int4'], () => undefined).push(Buffer.alloc(64)), /signature/)
  t.throws(() => createCopyDecoder(['int4', 'int4'], () => undefined).push(bytes), /2 columns, not 1/)
})

function decodeInChunks(bytes: Buffer, chunkBytes: number): readonly Row[] {
  const rows: Row[] = []
  const decoder = createCopyDecoder(columns, (each) => rows.push(each))
  for (let at = 0; at < bytes.length; at += chunkBytes) decoder.push(bytes.subarray(at, at + chunkBytes))
  decoder.end()
  return rows
}
