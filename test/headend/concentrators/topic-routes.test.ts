import t from 'tap'
import { present } from '../../../domain/result.js'
import { beijing } from '../../../domain/time.js'
import { createTopicRoutes } from '../../../headend/concentrators/topic-routes.js'
import { decodeUplink, downTopicOf, type Uplink, uplinkOf } from '../../../headend/concentrators/uplink.js'
import { envelopeProfiles } from '../../../protocols/concentrator/envelope-profiles.js'
import { encodeUpload } from '../../../protocols/concentrator/messages.js'

let lines = 0

function parse(code: string, settings: object) {
  lines += 1
  const identity = { lineId: BigInt(lines), code, timeZone: 'Asia/Shanghai', calendar: beijing }
  const line = {
    ...identity,
    kind: 'mqtt_concentrator' as const,
    settings: { brokerUrl: 'mqtt://broker', ...settings },
  }
  return uplinkOf(line, envelopeProfiles)
}

function uplink(code: string, settings: object = {}): Uplink {
  const parsed = parse(code, settings)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

function routesOf(...uplinks: readonly Uplink[]) {
  const routes = createTopicRoutes(uplinks)
  if (!routes.ok) throw new Error(routes.error.message)
  return routes.value
}

t.test('a message belongs to the line whose device its topic names', (t) => {
  const routes = routesOf(
    uplink('c1'),
    uplink('c2', { device: '000017' }),
    uplink('c3', { uploadTopic: 'city/three/in', receiptTopic: 'city/three/out' }),
    uplink('dtu', { profile: 'air72x-hex' }),
    uplink('fleet', { profile: 'ivy-4g-gateway' }),
  )
  const cases: readonly (readonly [topic: string, expected: string])[] = [
    ['metering/c1/up', 'c1 up'],
    ['metering/c1/response', 'c1 response'],
    ['metering/c1/status', 'c1 status'],
    ['metering/c1/table/receipt', 'c1 tableReceipt'],
    ['metering/c1/table/report', 'c1 tableReport'],
    ['metering/000017/up', 'c2 up'],
    ['metering/c2/up', 'nobody up'],
    ['city/three/in', 'c3 up'],
    ['metering/c3/up', 'nobody up'],
    ['metering/c3/status', 'c3 status'],
    ['dtu/dtu/up', 'dtu up'],
    ['ivy/v1/meters/123/telemetry', 'fleet up'],
    ['metering/c1/down', 'none'],
    ['elsewhere', 'none'],
  ]
  for (const [topic, expected] of cases) {
    const route = routes.routeOf(topic)
    t.equal(route === null ? 'none' : `${route.uplink?.line.code ?? 'nobody'} ${route.channel}`, expected, topic)
  }
  t.end()
})

t.test('fleets are heard under wildcards; uploads are divided where nothing else comes among them', (t) => {
  const subscriptions = routesOf(
    uplink('c1'),
    uplink('c2'),
    uplink('c3', { uploadTopic: 'city/three/in' }),
    uplink('dtu', { profile: 'quecpython-dtu' }),
    uplink('ems', { profile: 'ems-frame-hex' }),
    uplink('product', { profile: 'dgiot' }),
  ).subscriptions.map(({ filter, shareable }) => `${filter} ${shareable}`)
  t.same(subscriptions, [
    'metering/+/up true',
    'quec/+/up false',
    'ems/+/up false',
    '$dg/device/+/+/properties true',
    'metering/+/response false',
    'metering/+/status false',
    'metering/+/table/receipt false',
    'metering/+/table/report false',
    'city/three/in true',
  ])
  t.end()
})

t.test('settings that cannot work are refused by line and reason', (t) => {
  t.match(parse('c1', { profile: 'no-such' }), { ok: false, error: { message: /c1: profile: .*no-such/ } })
  t.match(parse('c1', { profile: 'dgiot', uploadTopic: 'x' }), {
    ok: false,
    error: { message: /a topic for each meter/ },
  })
  t.match(parse('c1', { profile: 'air72x-hex', receiptTopic: 'x' }), {
    ok: false,
    error: { message: /no such channel/ },
  })
  const twice = [
    [uplink('a', { device: 'x' }), uplink('b', { device: 'x' })],
    [uplink('a', { uploadTopic: 'x' }), uplink('b', { uploadTopic: 'x' })],
    [uplink('a', { profile: 'ivy-4g-gateway' }), uplink('b', { profile: 'ivy-4g-gateway' })],
  ]
  for (const uplinks of twice)
    t.match(createTopicRoutes(uplinks), { ok: false, error: { message: /^b: another line/ } })
  t.end()
})

t.test('a device’s own topics stand in for its profile’s', (t) => {
  const own = uplink('c1', { uploadTopic: 'city/in', receiptTopic: 'city/out' })
  t.equal(downTopicOf(own, 'receipt'), 'city/out')
  t.equal(downTopicOf(own, 'down'), 'metering/c1/down')
  t.equal(downTopicOf(uplink('u', { profile: 'ems-frame-hex' }), 'down'), null)
  const frame = Buffer.from('68', 'hex')
  const payload = encodeUpload({ concentrator: 'c1', batch: 1, items: [{ frame }] })
  t.match(decodeUplink(own, 'up', 'city/in', payload), { ok: true, value: { messageId: '1' } })
  const other = encodeUpload({ concentrator: 'c2', batch: 1, items: [{ frame }] })
  t.match(decodeUplink(own, 'up', 'city/in', other), { ok: false, error: { kind: 'wrong_concentrator' } })
  t.equal(present(own.profile.channels.up, 'up').topic, 'metering/{concentrator}/up')
  t.end()
})
