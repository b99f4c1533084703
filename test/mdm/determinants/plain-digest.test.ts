import { createHash } from 'node:crypto'
import t from 'tap'
import { createPlainDigest } from '../../../mdm/determinants/plain-digest.js'
import type { PlainReadings } from '../../../storage/mdm/plain-readings.js'

const readings: PlainReadings = {
  count: 3,
  accountId: Float64Array.of(1, 2, 2 ** 40 + 3),
  isPlain: Uint8Array.of(1, 1, 1),
  usagePointId: Float64Array.of(11, 12, 13),
  tariff: Uint16Array.of(0, 1, 0),
  tariffCodes: ['a', '居民'],
  ladderFromDay: Int32Array.of(20_454, 20_454, -1),
  meterId: Float64Array.of(21, 22, 23),
  multiplier: Int32Array.of(1, 40, 1),
  hasTouTables: new Uint8Array(3),
  startE4: new Float64Array(15),
  endE4: new Float64Array(15),
}
const energyE4 = Float64Array.from({ length: 15 }, (_, index) => index * 1_000_000_007)

function digestOf(...shards: readonly (readonly number[])[]): string {
  const digest = createPlainDigest()
  for (const rows of shards) digest.update({ readings, rows, energyE4 })
  return digest.digest().toString('hex')
}

t.test('is over a record for each account, whatever the shards', async (t) => {
  const wholes = (...values: readonly number[]) => values.map((value) => value.toString(16).padStart(16, '0')).join('')
  const words = (...values: readonly number[]) => values.map((value) => value.toString(16).padStart(8, '0')).join('')
  const record = wholes(2, 12, 22) + words(40, 20_454) + wholes(...energyE4.subarray(5, 10)) + words(6)
  const bytes = Buffer.concat([Buffer.from(record, 'hex'), Buffer.from('居民')])
  t.equal(digestOf([1]), createHash('sha256').update(bytes).digest('hex'))
  t.equal(digestOf([0, 1], [2]), digestOf([0, 1, 2]))
  t.equal(digestOf([], [0, 1, 2], []), digestOf([0, 1, 2]))
  t.not(digestOf([0, 2]), digestOf([0, 1, 2]))
})
