import t from 'tap'
import { allDataItems } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { readFields, writeFields } from '../../../protocols/dlt645/field.js'
import { decodeFrame } from '../../../protocols/dlt645/frame.js'
import { encodeMessage, parseMessage } from '../../../protocols/dlt645/message.js'
import { payloadFields } from '../../../protocols/dlt645/payload-fields.js'
import { createFuzzRandom } from '../../fuzz/fuzz-random.js'
import { readingOf } from './sound-readings.js'

const seed = 645

t.test('every item with seeded values: frame to texts and back gives the same bytes', async (t) => {
  const random = createFuzzRandom(seed)
  const faults: string[] = []
  let looked = 0
  for (const item of allDataItems()) {
    if (item.layout.kind === 'load_records') continue
    const bytes = readingOf(random, item)
    looked += 1
    if (!goesBothWays(bytes)) faults.push(bytes.toString('hex'))
  }
  t.ok(looked > 40_000, `${looked} items`)
  t.same(faults.slice(0, 10), [])
})

function goesBothWays(bytes: Buffer): boolean {
  const frame = decodeFrame(bytes)
  const message = frame.ok ? parseMessage(frame.value) : null
  const fields = message === null ? null : payloadFields(message)
  if (message === null || fields === null) return false
  const values = readFields(fields, message.payload)
  const payload = writeFields(
    fields,
    values.map(({ value }) => value),
  )
  return (
    payload !== null &&
    values.every(({ state }) => state === 'ok') &&
    encodeMessage({ ...message, payload }).equals(bytes)
  )
}
