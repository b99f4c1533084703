import { readFileSync } from 'node:fs'
import t from 'tap'
import * as z from 'zod'
import { parseHex } from '../../../protocols/inspection/hex-text.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'

/*
 * Frames that others captured or published. Each expectation was worked out from what the source says and from the tables of the
 * standards, by hand or by a script that shares no line with the program, never from what the program shows.
 */

const valueSchema = z.object({ value: z.string().nullable(), state: z.enum(['ok', 'absent', 'invalid']) })
const frameSchema = z.looseObject({
  protocol: z.string(),
  offset: z.int(),
  refusal: z.unknown(),
  values: z.array(valueSchema.loose()).optional(),
})
const reportSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), frames: z.array(frameSchema), discardedBytes: z.int() }),
  z.strictObject({ ok: z.literal(false), error: z.strictObject({ kind: z.string() }).optional() }),
])
const entriesSchema = z.array(
  z.strictObject({
    what: z.string(),
    source: z.string(),
    kind: z.enum(['captured', 'documentation example', 'vector']),
    hex: z.string(),
    expected: reportSchema,
  }),
)

const entries = entriesSchema.parse(JSON.parse(readFileSync(new URL('frames.json', import.meta.url), 'utf8')))

for (const { what, hex, expected } of entries) {
  t.test(expected.ok ? `tells ${what}` : `finds no frame in ${what}`, async (t) => {
    const shown = inspected(hex)
    t.same(picked(shown, expected), expected)
    if (!shown.ok) return
    const input = hex.replaceAll(' ', '').toUpperCase()
    for (const frame of shown.frames)
      t.equal(frame.hex, input.slice(2 * frame.offset, 2 * frame.offset + frame.hex.length), 'shows the bytes it read')
  })
}

t.test('sees the frames that meters in the field are feared for', async (t) => {
  const sound = entries.flatMap(({ expected }) => (expected.ok ? [expected] : []))
  const frames = sound.flatMap((report) => report.frames)
  const values = frames.flatMap((frame) => frame.values ?? [])
  const amounts = {
    singleFrames: sound.filter((report) => report.frames.length === 1 && report.discardedBytes === 0).length,
    dirtyStreams: sound.filter((report) => report.frames.length > 1 || report.discardedBytes > 0).length,
    withoutFrame: entries.length - sound.length,
    envelopes: frames.filter(({ protocol }) => !protocol.startsWith('dlt645')).length,
    refusals: frames.filter(({ refusal }) => refusal !== null).length,
    negative: values.filter(({ value }) => value?.startsWith('-') === true).length,
    absent: values.filter(({ state }) => state === 'absent').length,
    invalid: values.filter(({ state }) => state === 'invalid').length,
  }
  for (const [name, least] of Object.entries({
    singleFrames: 200,
    dirtyStreams: 25,
    withoutFrame: 20,
    envelopes: 20,
    refusals: 10,
    negative: 5,
    absent: 50,
    invalid: 3,
  }))
    t.ok((amounts[name as keyof typeof amounts] ?? 0) >= least, `${name}: at least ${least}`)
})

function inspected(hex: string) {
  const bytes = parseHex(hex)
  return bytes.ok ? inspectStream(bytes.value) : bytes
}

/** The parts of what is shown that an expectation speaks of; arrays are taken whole, entry by entry. */
function picked(shown: unknown, expected: unknown): unknown {
  if (Array.isArray(shown) && Array.isArray(expected))
    return shown.map((each, index) => (index < expected.length ? picked(each, expected[index]) : each))
  if (!isRecord(shown) || !isRecord(expected)) return shown
  return Object.fromEntries(Object.keys(expected).map((key) => [key, picked(shown[key], expected[key])]))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
