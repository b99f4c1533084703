import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { createRealNetwork } from '../../../console/runtime/real-network.js'
import { createFakeIo } from './fake-io.js'

const device = 'devices: [{ units: [5], model: acrel-adl3000-e }]'

const cases: readonly (readonly [what: string, map: string, says: RegExp, code: number])[] = [
  ['a misspelt key', 'listen: [{ tcp: { prot: 0 } }]', /map\.yaml:1: listen\.0\.tcp\.port: /, 2],
  ['no YAML', 'a: [', /map\.yaml:\d+: YAML: /, 2],
  [
    'a model file that is not there',
    'listen: [{ tcp: { port: 0 } }]\ndevices: [{ units: [1], modelFile: gone.json }]',
    /gone\.json: .*cannot be read/,
    2,
  ],
  [
    'a broken model file',
    'listen: [{ tcp: { port: 0 } }]\ndevices: [{ units: [1], modelFile: own.json }]',
    /own\.json: source: /,
    2,
  ],
  [
    'a serial port that is not there',
    `listen: [{ serial: { path: /dev/not-there } }]\n${device}`,
    /serial port failed: .*not-there/,
    3,
  ],
]

for (const [what, map, says, code] of cases) {
  t.test(`sim modbus with ${what} names it on one line and leaves with ${code}`, async (t) => {
    const cwd = t.testdir({ 'map.yaml': map, 'own.json': '{ "model": "own" }' })
    const io = createFakeIo({ cwd })
    t.equal(await runCli(['sim', 'modbus', '--map', 'map.yaml'], io), code)
    t.match(io.errText(), says)
    t.notMatch(io.errText(), /\n\s+at /)
    t.equal(io.outText(), '')
  })
}

t.test('sim modbus without a map is bad usage', async (t) => {
  t.equal(await runCli(['sim', 'modbus'], createFakeIo({ cwd: t.testdir() })), 2)
  t.equal(await runCli(['sim', 'modbus', '--map', 'none.yaml'], createFakeIo({ cwd: t.testdir() })), 2)
})

t.test('a port that is taken is named, and nothing stays open', async (t) => {
  const listener = await createRealNetwork().listen({ host: '127.0.0.1', port: 0 }, () => {})
  t.teardown(() => listener.close())
  const map = `listen: [{ tcp: { port: 0 } }, { rtuTcp: { port: ${listener.endpoint.port} } }]\n${device}`
  const io = createFakeIo({ cwd: t.testdir({ 'map.yaml': map }) })
  t.equal(await runCli(['sim', 'modbus', '--map', 'map.yaml'], io), 3)
  t.match(io.errText(), new RegExp(`port taken.*${listener.endpoint.port}`))
})

t.test('it says where it listens until it is interrupted, and can be started again at once', async (t) => {
  const folder = t.testdir({ 'map.yaml': `listen: [{ tcp: { port: 0 } }]\n${device}` })
  for (const json of [true, false]) {
    let interrupt = (): void => undefined
    const fake = createFakeIo({ cwd: folder })
    const io = {
      ...fake,
      onInterrupt: (handle: () => void) => {
        interrupt = handle
        return () => undefined
      },
      out: (text: string) => {
        fake.out(text)
        interrupt()
      },
    }
    const args = ['sim', 'modbus', '--map', join(folder, 'map.yaml'), ...(json ? ['--json'] : [])]
    t.equal(await runCli(args, io), 0)
    if (json) t.match(JSON.parse(fake.outText()), { listening: [{ protocol: 'modbus-tcp', port: Number }], units: [5] })
    else t.match(fake.outText(), /监听 listening: modbus-tcp 127\.0\.0\.1:\d+/)
  }
})
