import t from 'tap'
import { parseLine } from '../../headend/line-settings.js'
import type { LineRow } from '../../storage/headend/lines.js'

const row: LineRow = {
  line_id: 1n,
  code: 'line-1',
  kind: 'modbus_tcp',
  settings: { host: '127.0.0.1', port: 502 },
  time_zone: 'Asia/Shanghai',
}

t.test('a stored line that cannot be used is reported by its code', (t) => {
  const cases: readonly [title: string, row: LineRow, expected: string][] = [
    ['a sound line', row, 'usable'],
    ['no port', { ...row, settings: { host: '127.0.0.1', port: 0 } }, 'line_settings_invalid line-1: port'],
    ['an unknown zone', { ...row, time_zone: 'Mars' }, 'time_zone_unknown line-1: Mars'],
    [
      'a broker over another protocol',
      {
        ...row,
        kind: 'mqtt_concentrator',
        settings: { brokerUrl: 'wss://broker', uploadTopic: 'up', receiptTopic: 'down' },
      },
      'line_settings_invalid line-1: brokerUrl',
    ],
  ]
  for (const [title, each, expected] of cases) {
    const parsed = parseLine(each)
    const said = parsed.ok ? 'usable' : `${parsed.error.kind} ${parsed.error.message}`
    t.ok(said.startsWith(expected), `${title}: ${said}`)
  }
  t.end()
})
