import t from 'tap'
import { checkRegistryDocument } from '../../../mdm/registry/import-registry.js'
import { exampleUtilityFile } from '../../../simulators/field/example-file.js'
import { registryOfField } from '../../../simulators/field/registry-of-field.js'
import type { FieldAccess } from '../../../simulators/field/start-field.js'
import { parseUtilityFile } from '../../../simulators/field/utility-file.js'

const kinds = `
  - { name: pty, access: { pty: /tmp/bus }, baud: 9600, meters: { count: 1, firstAddress: '202600001001' } }
  - { name: usb, access: { serial: /dev/ttyUSB0 }, baud: carrier, meters: { count: 1, firstAddress: '202600001002' } }
  - { name: many, access: { tcp: { port: 7100 } }, repeat: 2, meters: { count: 2, firstAddress: '202600001003' } }
broker: { port: 1883 }
concentrators:
  - { name: area-1, profile: air72x-bytes, meters: { count: 2, firstAddress: '202600002001' } }
  - { name: area-2, meters: { count: 2, firstAddress: '202600003001' } }
`

function access(line: string, kind: FieldAccess['kind'], at: string, baud: number | null): FieldAccess {
  return { line, kind, at, baud, meters: 1 }
}

t.test('the master data of a field are its lines where they can be reached, with the meters on them', async (t) => {
  const parsed = parseUtilityFile(exampleUtilityFile.replace(/\n\n# 集中器[\s\S]*$/, kinds))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const document = registryOfField(parsed.value, [
    access('bus-1', 'tcp', '127.0.0.1:7001', 2400),
    access('bus-1997', 'tcp', '127.0.0.1:7002', 1200),
    access('pty', 'pty', '/tmp/bus', 9600),
    access('usb', 'serial', '/dev/ttyUSB0', null),
    access('many-1', 'tcp', '127.0.0.1:7100', 2400),
    access('many-2', 'tcp', '127.0.0.1:7101', 2400),
    access('area-1', 'mqtt', 'mqtt://127.0.0.1:1883', null),
    access('area-2', 'mqtt', 'mqtt://127.0.0.1:1883', null),
  ])
  t.match(checkRegistryDocument(document), { ok: true })
  t.match(
    document.lines.map(({ code, kind, settings }) => ({ code, kind, settings })),
    [
      { code: 'bus-1', kind: 'dlt645_tcp', settings: { host: '127.0.0.1', port: 7001, baud: 2400 } },
      { code: 'bus-1997', settings: { port: 7002, baud: 1200 } },
      { code: 'pty', kind: 'dlt645_serial', settings: { path: '/tmp/bus', parity: 'none', baud: 9600 } },
      { code: 'usb', kind: 'dlt645_serial', settings: { path: '/dev/ttyUSB0', parity: 'even', baud: 115_200 } },
      { code: 'many-1', settings: { port: 7100 } },
      { code: 'many-2', settings: { port: 7101 } },
      {
        code: 'area-1',
        kind: 'mqtt_concentrator',
        settings: { brokerUrl: 'mqtt://127.0.0.1:1883', profile: 'air72x-bytes' },
      },
      { code: 'area-2', kind: 'mqtt_concentrator', settings: { brokerUrl: 'mqtt://127.0.0.1:1883' } },
    ],
  )
  t.equal(document.meters.length, 32 + 4 + 1 + 1 + 4 + 4)
  t.match(
    document.meters.filter(({ code }) => /^(bus-1-1|bus-1997-4|many-2-2)$/.test(code)),
    [
      { code: 'bus-1-1', communicationAddress: '202600000001', model: 'simulated-2007' },
      { code: 'bus-1997-4', communicationAddress: '199700000004', model: 'simulated-1997' },
      { code: 'many-2-2', communicationAddress: '202600001006' },
    ],
  )
})
