import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { createRealClock } from '../../console/runtime/real-clock.js'
import { createRealNetwork } from '../../console/runtime/real-network.js'
import { createSerialPorts } from '../../console/runtime/serial-port.js'
import { present } from '../../domain/result.js'
import { calendarOf } from '../../domain/time.js'
import { ownLine } from '../../headend/sessions/talk-right.js'
import { openLineSession } from '../../headend/transports/line-session.js'
import { checkoutRoot } from '../architecture/source-files.js'
import { requireTool } from './tools.js'

// A simulated line on a pseudo terminal, made by socat, and the head-end's own read through the serialport package.

const main = join(checkoutRoot, 'build', 'console', 'main.js')

async function shuangwu(args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, out }
}

await t.test('a meter on a pseudo terminal is found and read through a serial port', async (t) => {
  requireTool('socat', 'socat')
  const folder = t.testdir()
  const pty = join(folder, 'bus')
  const file = join(folder, 'utility.yaml')
  writeFileSync(
    file,
    `seed: 3\nenergisedFrom: 2026-01-01T00:00:00+08:00\nlines:\n  - { name: bus, access: { pty: ${pty} }, baud: 9600, meters: { count: 1, firstAddress: '202600000001' } }\n`,
  )
  const field = spawn(process.execPath, [main, 'sim', 'up', '--file', file, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    const ended = once(field, 'exit')
    field.kill('SIGTERM')
    await ended
  })
  for await (const line of createInterface({ input: present(field.stdout, 'stdout') })) if (line === '}') break

  const way = ['--line', pty, '--parity', 'none', '--baud', '9600', '--json']
  const found = await shuangwu(['read', ...way, '--edition', 'auto'])
  t.match(JSON.parse(found.out), { ok: true, edition: '2007', baud: 9600, address: '202600000001' })
  const read = await shuangwu(['read', ...way, '--address', '202600000001', '--item', '0001FF00'])
  t.match(JSON.parse(read.out), {
    ok: true,
    values: [{ name: 'forwardActiveEnergyTotal', unit: 'kWh', state: 'ok' }, {}, {}, {}, {}],
  })
  const refused = await shuangwu(['read', ...way, '--address', '202600000001', '--item', '02AA0000'])
  t.equal(refused.code, 1)
  t.match(JSON.parse(refused.out), { ok: false, error: { kind: 'refused', reasons: ['no-such-data'] } })
  await collectFreeze(pty)
  const silent = await shuangwu(['read', ...way, '--address', '202600000002', '--item', '00010000', '--timeout', '300'])
  t.match(JSON.parse(silent.out), { ok: false, error: { kind: 'no_reply' }, frames: [{ response: null }] })
})

/** The head-end's own line session: last midnight's freeze of the meter, and the silence of one that is not there. */
async function collectFreeze(path: string): Promise<void> {
  const clock = createRealClock()
  const calendar = present(calendarOf('Asia/Shanghai'), 'a calendar')
  const newestMidnight = calendar.startOfDayAt(clock.now())
  const { reader } = openLineSession({
    clock,
    network: createRealNetwork(),
    serialPorts: createSerialPorts(),
    line: {
      lineId: 1n,
      code: 'bus',
      timeZone: 'Asia/Shanghai',
      calendar,
      kind: 'dlt645_serial',
      settings: {
        path,
        baud: 9600,
        parity: 'none',
        stopBits: 1,
        wakeUpBytes: 4,
        replyTimeoutMs: 500,
        requestGapMs: 0,
      },
    },
    newestMidnight,
    quirksOf: () => ({}),
    right: ownLine,
  })
  const due = { meterId: 1n, communicationAddress: '202600000001', model: 'any', readAt: newestMidnight }
  t.equal(await reader.ready(clock.now() + 5000), true)
  t.match(await reader.read(due), { kind: 'read', reading: { protocol: 'dlt645_2007', readAt: newestMidnight } })
  t.match(await reader.read({ ...due, communicationAddress: '202600000002' }), { kind: 'failed', cause: 'no_reply' })
  t.match(reader.counters(), { requests: 5, replies: 4, timeouts: 1, damaged: 0 })
  reader.close()
}
