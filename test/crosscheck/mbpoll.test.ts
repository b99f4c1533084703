import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { crosscheckMap, pty, type Simulator, startSimulator, startSocat } from './modbus-peer.js'
import { requireTool, runTool } from './tools.js'

const mbpoll = requireTool('mbpoll', 'mbpoll')
const folder = t.testdir()
const mapFile = join(folder, 'map.yaml')
writeFileSync(mapFile, crosscheckMap)

/** What mbpoll has to see on whichever way it came. */
const readings: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [['-a', '5', '-t', '4:int', '-B', '-r', '10', '-c', '3'], /\[10\]:\s+42949672\s+\[12\]:\s+1\s+\[14\]:\s+12345\s/],
  [['-a', '5', '-t', '4:hex', '-r', '10', '-c', '10'], /\[10\]:\s+0x028F\s+\[11\]:\s+0x5C28\s/],
  [['-a', '6', '-t', '3:float', '-B', '-r', '72', '-c', '1'], /\[72\]:\s+12345\.5\s/],
  [['-a', '6', '-t', '3:float', '-B', '-r', '52', '-c', '1'], /\[52\]:\s+-230\.5\s/],
  [['-a', '7', '-t', '1', '-r', '0', '-c', '3'], /\[0\]:\s+1\s+\[1\]:\s+0\s+\[2\]:\s+1\s/],
  [['-a', '7', '-t', '3:hex', '-r', '0', '-c', '2'], /\[0\]:\s+0xBEEF\s+\[1\]:\s+0x0007\s/],
  [['-a', '7', '-t', '4:int', '-B', '-r', '3000', '-c', '1'], /\[3000\]:\s+20260731\s/],
  [['-a', '5', '-t', '4', '-r', '9', '-c', '2'], /Illegal data address/],
  [['-a', '8', '-t', '3', '-r', '0', '-c', '1'], /Illegal function/],
]

const writes: readonly (readonly [args: readonly string[], values: readonly string[], reads: RegExp])[] = [
  [['-a', '7', '-t', '4', '-r', '0'], ['513'], /\[0\]:\s+513\s/],
  [['-a', '7', '-t', '4', '-r', '0'], ['1', '2', '3'], /\[0\]:\s+1\s+\[1\]:\s+2\s+\[2\]:\s+3\s/],
  [['-a', '7', '-t', '0', '-r', '4'], ['1'], /\[4\]:\s+1\s/],
  [['-a', '7', '-t', '0', '-r', '0'], ['1', '0', '1', '1', '0', '0', '0', '0', '1'], /\[3\]:\s+1\s[\s\S]*\[8\]:\s+1\s/],
]

type Assert = Pick<typeof t, 'match' | 'equal'>

async function pollAll(assert: Assert, way: readonly string[]): Promise<void> {
  const poll = async (args: readonly string[], values: readonly string[] = []) => {
    const [device = '', ...options] = way.toReversed()
    return runTool(mbpoll, ['-0', '-1', '-o', '2', ...options.toReversed(), ...args, device, ...values])
  }
  for (const [args, says] of readings) assert.match((await poll(args)).text, says, args.join(' '))
  for (const [args, values, reads] of writes) {
    assert.match((await poll(args, values)).text, /Written \d+ reference/, `writes ${args.join(' ')}`)
    assert.match((await poll([...args, '-c', String(values.length)])).text, reads, `reads back ${args.join(' ')}`)
  }
}

function portOf({ listening }: Simulator, protocol: string): number {
  const found = listening.find((one) => one.protocol === protocol)?.port
  if (found === undefined) throw new Error(`nothing listens for ${protocol}`)
  return found
}

await t.test('mbpoll reads and writes our devices over Modbus TCP', async (t) => {
  const simulator = await startSimulator(mapFile)
  t.teardown(() => simulator.stop())
  await pollAll(t, ['-m', 'tcp', '-p', String(portOf(simulator, 'modbus-tcp')), '127.0.0.1'])
  const absent = await runTool(mbpoll, [
    '-0',
    '-1',
    '-p',
    String(portOf(simulator, 'modbus-tcp')),
    '-a',
    '99',
    '127.0.0.1',
  ])
  t.match(absent.text, /Target device failed to respond/, 'a unit that is not there')
  t.equal(await simulator.stop(), 0, 'SIGTERM ends it as wished')
})

const serial = ['-m', 'rtu', '-b', '9600', '-P', 'even']

await t.test('mbpoll reads and writes our devices over a serial line, opened by its path', async (t) => {
  const [near, far] = [join(folder, 'near'), join(folder, 'far')]
  const socat = await startSocat([pty(near), pty(far)], [near, far])
  t.teardown(() => socat.stop())
  const simulator = await startSimulator(mapFile, ['--serial', near])
  t.match(simulator.listening.at(-1), { protocol: 'modbus-rtu', path: near })
  await pollAll(t, [...serial, far])
  const absent = await runTool(mbpoll, ['-0', '-1', '-o', '0.3', ...serial, '-a', '99', far])
  t.match(absent.text, /Connection timed out/, 'a unit that is not there stays silent')
  t.equal(await simulator.stop(), 0)
})

await t.test('mbpoll reads and writes our devices through a serial server on raw TCP', async (t) => {
  const simulator = await startSimulator(mapFile)
  t.teardown(() => simulator.stop())
  const far = join(folder, 'server')
  const socat = await startSocat([pty(far), `tcp:127.0.0.1:${portOf(simulator, 'modbus-rtu')},nodelay`], [far])
  t.teardown(() => socat.stop())
  await pollAll(t, [...serial, far])
  t.equal(await simulator.stop(), 0)
})
