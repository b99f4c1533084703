import t from 'tap'
import { lineSettingsSchemas } from '../../domain/line-settings.js'

const bus = { host: '127.0.0.1', port: 4001, baud: 2400, wakeUpBytes: 4, replyTimeoutMs: 500, requestGapMs: 20 }
const unit = { host: '127.0.0.1', port: 502 }
const broker = { brokerUrl: 'mqtt://127.0.0.1:1883', uploadTopic: 'up', receiptTopic: 'down' }

t.test('says which field of the settings of a line is wrong', (t) => {
  const cases: readonly [
    title: string,
    kind: keyof typeof lineSettingsSchemas,
    settings: object,
    field: string | null,
  ][] = [
    ['a bus', 'dlt645_tcp', bus, null],
    ['no gap', 'dlt645_tcp', { ...bus, requestGapMs: 0 }, null],
    ['the longest gap', 'dlt645_tcp', { ...bus, requestGapMs: 10_000 }, null],
    ['a longer gap', 'dlt645_tcp', { ...bus, requestGapMs: 10_001 }, 'requestGapMs'],
    ['the shortest wait', 'dlt645_tcp', { ...bus, replyTimeoutMs: 1 }, null],
    ['no wait', 'dlt645_tcp', { ...bus, replyTimeoutMs: 0 }, 'replyTimeoutMs'],
    ['the longest wait', 'dlt645_tcp', { ...bus, replyTimeoutMs: 60_000 }, null],
    ['a longer wait', 'dlt645_tcp', { ...bus, replyTimeoutMs: 60_001 }, 'replyTimeoutMs'],
    ['a speed that no bus has', 'dlt645_tcp', { ...bus, baud: 299 }, 'baud'],
    ['no host', 'dlt645_tcp', { ...bus, host: '' }, 'host'],
    ['a unit', 'modbus_tcp', unit, null],
    ['port 0', 'modbus_tcp', { ...unit, port: 0 }, 'port'],
    ['a port too high', 'modbus_tcp', { ...unit, port: 65_536 }, 'port'],
    ['settings of another kind', 'modbus_tcp', bus, ''],
    ['a broker', 'mqtt_concentrator', broker, null],
    ['a broker without port', 'mqtt_concentrator', { ...broker, brokerUrl: 'mqtt://broker' }, null],
    ['a broker behind TLS', 'mqtt_concentrator', { ...broker, brokerUrl: 'mqtts://broker' }, null],
    ['a password', 'mqtt_concentrator', { ...broker, brokerUrl: 'mqtt://me:secret@broker' }, 'brokerUrl'],
    ['a broker over another protocol', 'mqtt_concentrator', { ...broker, brokerUrl: 'ws://broker' }, 'brokerUrl'],
    ['topics of the profile', 'mqtt_concentrator', { brokerUrl: 'mqtt://broker', profile: 'air72x-hex' }, null],
    ['a device name', 'mqtt_concentrator', { ...broker, device: 'C001' }, null],
    ['a device name of two levels', 'mqtt_concentrator', { ...broker, device: 'C/001' }, 'device'],
    ['a wildcard', 'mqtt_concentrator', { ...broker, uploadTopic: 'metering/+/up' }, 'uploadTopic'],
    ['a broker without host', 'mqtt_concentrator', { ...broker, brokerUrl: 'mqtt:broker' }, 'brokerUrl'],
    ['no URL', 'mqtt_concentrator', { ...broker, brokerUrl: 'broker:1883' }, 'brokerUrl'],
    ['no topic', 'mqtt_concentrator', { ...broker, uploadTopic: '' }, 'uploadTopic'],
  ]
  for (const [title, kind, settings, field] of cases) {
    const parsed = lineSettingsSchemas[kind].safeParse(settings)
    t.equal(parsed.success ? null : parsed.error.issues[0]?.path.join('.'), field, title)
  }
  t.end()
})
