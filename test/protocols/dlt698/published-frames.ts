import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { checkoutRoot } from '../../architecture/source-files.js'

const valueSchema = z.tuple([
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
  z.enum(['ok', 'absent', 'invalid']),
])
const expectedSchema = z.object({
  address: z.string().optional(),
  direction: z.enum(['request', 'reply']).optional(),
  controlCode: z.string().optional(),
  dataIdentifier: z.string().nullable().optional(),
  followUp: z.boolean().optional(),
  refusal: z.null().optional(),
  values: z.array(valueSchema).optional(),
  payload: z.string().optional(),
})
const fileSchema = z.object({
  frames: z.array(
    z.object({
      what: z.string(),
      hex: z.string().regex(/^(?:[\dA-F]{2})+$/),
      source: z.string(),
      expected: expectedSchema.extend({ inner: expectedSchema.nullable().optional() }),
    }),
  ),
})
const apdusSchema = z.object({
  apdus: z.array(z.object({ what: z.string(), hex: z.string(), source: z.string(), kind: z.string() })),
})

export type ExpectedFrame = z.infer<typeof expectedSchema>

/** Whole frames from public sources and what they say. */
export const publishedFrames = fileSchema.parse(readFixture('frames.json')).frames
/** APDUs without a frame around them. */
export const publishedApdus = apdusSchema.parse(readFixture('apdus.json')).apdus

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(join(checkoutRoot, 'test', 'protocols', 'dlt698', name), 'utf8'))
}
