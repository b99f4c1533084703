import t from 'tap'
import { beijing } from '../../../domain/time.js'
import { envelopeProfileNames } from '../../../domain/envelope-profile-names.js'
import { createTopicRoutes } from '../../../headend/concentrators/topic-routes.js'
import type { ConcentratorLine } from '../../../headend/concentrators/uplink.js'
import { usableUplinks } from '../../../headend/concentrators/usable-uplinks.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'

function line(id: number, code: string, settings: object = {}): ConcentratorLine {
  const identity = { lineId: BigInt(id), code, timeZone: 'Asia/Shanghai', calendar: beijing }
  return { ...identity, kind: 'mqtt_concentrator', settings: { brokerUrl: 'mqtt://broker', ...settings } }
}

const table: readonly [title: string, lines: readonly ConcentratorLine[], kept: string, unusable: readonly RegExp[]][] =
  [
    ['sound lines', [line(1, 'a'), line(2, 'b')], 'a b', []],
    [
      'a profile that nobody knows',
      [line(1, 'a'), line(2, 'b', { profile: 'shuangwuu' }), line(3, 'c')],
      'a c',
      [/^b: .*shuangwuu/],
    ],
    [
      'the device of another',
      [line(1, 'a'), line(2, 'b', { device: 'a' }), line(3, 'c')],
      'a c',
      [/^b: line a .*metering/],
    ],
    [
      'whoever was entered first stays',
      [line(2, 'a', { device: 'x' }), line(1, 'b', { device: 'x' })],
      'b',
      [/^a: line b/],
    ],
    [
      'a topic of another',
      ['a', 'b'].map((code, id) => line(id, code, { uploadTopic: 't' })),
      'a',
      [/^b: line a .* t too/],
    ],
    [
      'topics that name meters only',
      ['a', 'b'].map((code, id) => line(id, code, { profile: 'ivy-4g-gateway' })),
      'a',
      [/^b: /],
    ],
    [
      'the same device at another broker',
      [line(1, 'a'), line(2, 'b', { device: 'a', brokerUrl: 'mqtt://other' })],
      'a b',
      [],
    ],
    [
      'a receipt topic where there are no receipts',
      [line(1, 'a', { profile: 'dgiot', receiptTopic: 't' }), line(2, 'b')],
      'b',
      [/^a: /],
    ],
    [
      'two bad ones and a copy of a bad one',
      [line(1, 'a', { profile: 'x' }), line(2, 'b'), line(3, 'c', { device: 'b' }), line(4, 'd', { device: 'c' })],
      'b d',
      [/^a: /, /^c: /],
    ],
  ]

for (const [title, lines, kept, unusable] of table) {
  t.test(`${title}: ${kept} stay`, async (t) => {
    const found = usableUplinks(lines, envelopeProfiles)
    t.equal(
      found.uplinks
        .map((each) => each.line.code)
        .toSorted()
        .join(' '),
      kept,
    )
    t.equal(found.unusable.length, unusable.length)
    for (const [index, pattern] of unusable.entries()) t.match(found.unusable[index]?.message, pattern)
    const brokers = new Set(found.uplinks.map((each) => each.line.settings.brokerUrl))
    for (const url of brokers)
      t.ok(createTopicRoutes(found.uplinks.filter((each) => each.line.settings.brokerUrl === url)).ok)
  })
}

t.test('what the registry may name as a profile is what there is', async (t) => {
  t.same([...envelopeProfiles.keys()].toSorted(), [...envelopeProfileNames].toSorted())
})
