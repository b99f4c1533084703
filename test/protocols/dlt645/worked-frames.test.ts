import { readFileSync } from 'node:fs'
import t from 'tap'
import * as z from 'zod'
import { encodeDlt645Spec, dlt645SpecSchema } from '../../../protocols/inspection/dlt645-spec.js'
import type { InspectedFrame } from '../../../protocols/inspection/inspected-frame.js'
import { inspectStream } from '../../../protocols/inspection/inspect-stream.js'

/** Frames that other people's meters, firmware and tests made; `source` says whose. */
const worked = z
  .array(
    z.object({
      name: z.string(),
      what: z.string(),
      source: z.string(),
      /** The frame is carried by one of another family. */
      envelope: z.string().optional(),
      frames: z.array(z.object({ hex: z.string(), expect: z.looseObject({}) })).min(1),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('worked-frames.json', import.meta.url), 'utf8')))

t.ok(worked.length >= 27, `${worked.length} exchanges`)

for (const { name, what, source, envelope, frames } of worked) {
  for (const { hex, expect } of frames) {
    const bytes = Buffer.from(hex, 'hex')

    t.test(`${name} (${source}) ${what}: ${hex} says what it is known to say`, async (t) => {
      t.match(onlyFrame(bytes), expect)
    })

    t.test(`${name} ${hex}: what was decoded encodes to the same bytes`, async (t) => {
      const frame = onlyFrame(bytes)
      const wakeUpBytes = envelope === undefined ? bytes.indexOf(0x68) : 0
      const expected = envelope === undefined ? hex : frame.hex
      t.equal(encoded({ ...frame, wakeUpBytes }), expected)
      // The reasons of a refusal are no values.
      if (frame.refusal !== null) return
      const { payload: _, ...withoutPayload } = frame
      t.equal(encoded({ ...withoutPayload, wakeUpBytes }), expected, 'from its values too')
    })
  }
}

/** The one frame of the input, or the one that it carries. */
function onlyFrame(bytes: Buffer): InspectedFrame {
  const report = inspectStream(bytes)
  if (!report.ok || report.frames.length !== 1) throw new Error(`one frame expected: ${JSON.stringify(report)}`)
  let [frame] = report.frames
  while (frame !== undefined && frame.inner !== null) frame = frame.inner
  if (frame === undefined) throw new Error('no frame')
  return frame
}

function encoded(spec: unknown): string {
  const bytes = encodeDlt645Spec(dlt645SpecSchema.parse(spec))
  return bytes.ok ? bytes.value.toString('hex').toUpperCase() : bytes.error.kind
}
