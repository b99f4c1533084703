import * as z from 'zod'
import { err, ok, type Result } from '../../domain/result.js'
import { hexOf } from '../hex.js'

/** One upload: the frames that a concentrator got from its meters, unchanged, in the order in which it got them. */
export interface Upload {
  readonly concentrator: string
  /** Counted by the concentrator; (concentrator, batch) is the key that the application receipt names. */
  readonly batch: number
  readonly items: readonly UploadItem[]
}

export interface UploadItem {
  /** DL/T 645 reply from 68H to 16H. A meter's freeze stamp goes before the freeze registers that belong to it. */
  readonly frame: Buffer
}

/** The application's word that everything in the batch is stored; only then may the concentrator forget it. */
export interface Receipt {
  readonly concentrator: string
  readonly batch: number
}

export type PayloadError =
  | { readonly kind: 'payload_too_long' }
  | { readonly kind: 'payload_not_json' }
  | { readonly kind: 'payload_malformed'; readonly field: string }

const maxItemsPerUpload = 1000
export const maxPayloadBytes = 1_000_000

const key = { concentrator: z.string().min(1).max(64), batch: z.int().min(0) }
const frameSchema = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{2})+$/)
  .transform((hex) => Buffer.from(hex, 'hex'))
const uploadSchema = z.object({
  ...key,
  items: z
    .array(z.object({ frame: frameSchema }))
    .min(1)
    .max(maxItemsPerUpload),
})
const receiptSchema = z.object(key)

export function parseUpload(payload: Buffer): Result<Upload, PayloadError> {
  return parsePayload(uploadSchema, payload)
}

export function parseReceipt(payload: Buffer): Result<Receipt, PayloadError> {
  return parsePayload(receiptSchema, payload)
}

export function encodeUpload({ concentrator, batch, items }: Upload): Buffer {
  const frames = items.map(({ frame }) => ({ frame: hexOf(frame) }))
  return Buffer.from(JSON.stringify({ concentrator, batch, items: frames }))
}

export function encodeReceipt({ concentrator, batch }: Receipt): Buffer {
  return Buffer.from(JSON.stringify({ concentrator, batch }))
}

/** A JSON payload of a shape. Fields that we do not know are ignored: concentrators add their own. */
export function parsePayload<T>(schema: z.ZodType<T>, payload: Buffer): Result<T, PayloadError> {
  if (payload.length > maxPayloadBytes) return err({ kind: 'payload_too_long' })
  const json = parseJson(payload)
  if (!json.ok) return json
  const parsed = schema.safeParse(json.value)
  if (parsed.success) return ok(parsed.data)
  return err({ kind: 'payload_malformed', field: parsed.error.issues[0]?.path.join('.') ?? '' })
}

function parseJson(payload: Buffer): Result<unknown, PayloadError> {
  try {
    return ok(JSON.parse(payload.toString('utf8')))
  } catch {
    return err({ kind: 'payload_not_json' })
  }
}
