import { PassThrough } from 'node:stream'
import t from 'tap'
import { createSeededRandom } from '../../../domain/seeded-random.js'
import { decodeItem } from '../../../protocols/dlt645/data-items.js'
import { parseReply } from '../../../protocols/dlt645/messages-2007.js'
import { describeMeters } from '../../../simulators/field/field-meters.js'
import { repeated, startField } from '../../../simulators/field/start-field.js'
import { parseUtilityFile, type UtilityFile } from '../../../simulators/field/utility-file.js'
import { createWorld } from '../../support/field-world.js'
import { connectLineMaster } from '../../support/line-master.js'

const yaml = `seed: 9
energisedFrom: 2026-01-01T00:00:00+08:00
lines:
  - name: bus
    access: { tcp: { port: 0 } }
    repeat: 3
    meters:
      count: 5
      firstAddress: '202600000001'
      except: [{ place: 2, isSilent: true }, { place: 3, clock: { offsetSeconds: 60 } }]
`

function fileOf(text: string): UtilityFile {
  const parsed = parseUtilityFile(text)
  if (!parsed.ok) throw new Error(parsed.error.reason)
  return parsed.value
}

const unused = () => Promise.reject(new Error('no such way in'))

async function open(text: string) {
  const { clock, network } = createWorld()
  const file = fileOf(text)
  const field = await startField(file, {
    clock,
    network,
    random: createSeededRandom(file.seed),
    openPty: unused,
    openSerialPort: unused,
    onLost: () => undefined,
  })
  return { clock, network, file, field }
}

await t.test(
  'repeated lines have names and addresses of their own, and their meters answer with the truth',
  async (t) => {
    const { clock, network, file, field } = await open(yaml)
    t.same(
      field.access.map(({ line, meters }) => [line, meters]),
      [
        ['bus-1', 5],
        ['bus-2', 5],
        ['bus-3', 5],
      ],
    )
    const [, second] = file.lines.flatMap(repeated)
    const settings = { seed: file.seed, energisedFrom: Date.parse(file.energisedFrom) }
    const [meter] = second === undefined ? [] : describeMeters(second.meters, settings)
    t.equal(meter?.address, '202600000006')
    const [host = '', port = ''] = (field.access[1]?.at ?? '').split(':')
    const master = await connectLineMaster(clock, network, { host, port: Number(port) })
    const askedAt = clock.now()
    const split = await master.read('202600000006', '00010000')
    const reply = split === null ? null : parseReply(split.frame)
    const value =
      reply?.ok && reply.value.kind === 'data' ? decodeItem('forward_active_total', reply.value.payload) : null
    const truth = meter?.source.registersAt(askedAt).totalE4 ?? 0n
    t.match(value, { ok: true, value: { totalE4: truth - (truth % 100n) } })
    t.equal(await master.read('202600000007', '00010000'), null, 'the second of a line is silent')
    t.match(field.counters().get('bus-2'), { requests: 2, replies: 1, unanswered: 1 })
    master.close()
    await field.close()
  },
)

await t.test('when one line cannot be opened, those that are open are closed again', async (t) => {
  const { network, clock } = createWorld()
  const taken = await network.listen({ host: '127.0.0.1', port: 0 }, () => undefined)
  const two = fileOf(
    `${yaml}  - name: taken\n    access: { tcp: { port: ${taken.endpoint.port} } }\n    meters: { count: 1, firstAddress: '202600000099' }\n`,
  )
  const runtime = {
    clock,
    network,
    random: createSeededRandom(1),
    openPty: unused,
    openSerialPort: unused,
    onLost: () => undefined,
  }
  await t.rejects(startField(two, runtime), { code: 'EADDRINUSE' })
  await taken.close()
  clock.close()
})

await t.test('a line that goes away by itself is said, one that is closed is not', async (t) => {
  const { clock, network } = createWorld()
  const lost: string[] = []
  const streams: PassThrough[] = []
  const openPty = async () => {
    const stream = new PassThrough()
    streams.push(stream)
    return { stream, close: async () => void stream.destroy() }
  }
  const twoPtys = fileOf(
    `seed: 1\nenergisedFrom: 2026-01-01T00:00:00+08:00\nlines:\n${['one', 'two'].map((name) => `  - { name: ${name}, access: { pty: /tmp/${name} }, meters: { count: 1, firstAddress: '202600000001' } }\n`).join('')}`,
  )
  const field = await startField(twoPtys, {
    clock,
    network,
    random: createSeededRandom(1),
    openPty,
    openSerialPort: unused,
    onLost: (line) => lost.push(line),
  })
  streams[0]?.destroy()
  await new Promise((resolve) => setImmediate(resolve))
  await field.close()
  await new Promise((resolve) => setImmediate(resolve))
  t.same(lost, ['one'])
  clock.close()
})

await t.test('a meter that was given the address of another counts its own load', async (t) => {
  const file = fileOf(yaml.replace('isSilent: true', "address: '202600000001'"))
  const settings = { seed: file.seed, energisedFrom: Date.parse(file.energisedFrom) }
  const [one, twin] = file.lines.flatMap(({ meters }) => describeMeters(meters, settings))
  const at = settings.energisedFrom + 86_400_000
  t.equal(twin?.address, one?.address)
  t.not(twin?.source.registersAt(at).totalE4, one?.source.registersAt(at).totalE4)
})
