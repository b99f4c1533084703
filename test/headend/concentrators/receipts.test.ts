import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing } from '../../../domain/time.js'
import { receiptsFor } from '../../../headend/concentrators/receipts.js'
import { type Uplink, uplinkOf } from '../../../headend/concentrators/uplink.js'
import { encodeEnvelope } from '../../../protocols/concentrator/encode-envelope.js'
import { emptyContent } from '../../../protocols/concentrator/envelope-content.js'
import { envelopeProfiles, ownEnvelope } from '../../../protocols/concentrator/envelope-profiles.js'

function uplink(settings: object): Uplink {
  const identity = { lineId: 1n, code: 'c1', timeZone: 'Asia/Shanghai', calendar: beijing }
  const parsed = uplinkOf(
    { ...identity, kind: 'mqtt_concentrator', settings: { brokerUrl: 'mqtt://broker', ...settings } },
    envelopeProfiles,
  )
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

t.test('the quick writer of our own receipts says what our envelope’s profile says', (t) => {
  for (const device of ['c1', '000017', '集中器 7', 'a"b\\c']) {
    for (const batch of ['0', '7', '1000000', String(Number.MAX_SAFE_INTEGER).slice(0, 15)]) {
      const content = { ...emptyContent, concentrator: 'c1', messageId: batch }
      const bySlowWay = encodeEnvelope(ownEnvelope, 'receipt', { ...content, concentrator: 'c1' })
      t.same(receiptsFor(uplink({ device: 'c1' }))(batch), bySlowWay)
      const named = receiptsFor(uplink({ device, uploadTopic: 'city/in', receiptTopic: 'city/out' }))(batch)
      t.equal(named?.topic, 'city/out')
      t.same(JSON.parse(present(named, 'a receipt').payload.toString()), { concentrator: device, batch: Number(batch) })
    }
  }
  t.end()
})

t.test('a device whose envelope has no receipts gets none', (t) => {
  t.equal(receiptsFor(uplink({ profile: 'air72x-hex' }))('7'), null)
  t.end()
})
