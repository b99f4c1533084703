import * as z from 'zod'
import { err, ok, present, type Result } from '../../domain/result.js'
import { hexOf } from '../hex.js'
import { maxPayloadBytes } from './carried-frames.js'
import type { EnvelopeError } from './envelope-content.js'
import { formsOf } from './envelope-profile.js'
import { ownEnvelope } from './envelope-profiles.js'
import { decodePayload } from './envelope.js'
import { type JsonError, parseExactJson } from './exact-json.js'
import { scanUpload } from './scan-upload.js'
import type { Upload } from './upload.js'

/** The application's word that everything in the batch is stored; only then may the concentrator forget it. */
export interface Receipt {
  readonly concentrator: string
  readonly batch: number
}

export type PayloadError =
  | { readonly kind: 'payload_too_long' }
  | { readonly kind: JsonError['kind'] }
  | { readonly kind: 'payload_malformed'; readonly field: string }

const receiptSchema = z.object({ concentrator: z.string().min(1).max(64), batch: z.int().min(0) })
const uploadForms = formsOf(ownEnvelope, 'up')

/**
 * An upload as its envelope profile reads it, but in a fraction of the time where it is written in the usual way.
 * @param device whose upload it must be; whoever it says it is of where absent.
 */
export function parseUpload(payload: Buffer, device: string | null = null): Result<Upload, EnvelopeError> {
  const scanned = payload.length > maxPayloadBytes ? null : scanUpload(payload)
  if (scanned !== null && (device === null || scanned.concentrator === device)) return ok(scanned)
  const content = decodePayload(uploadForms, { concentrator: device, meter: null }, payload)
  if (!content.ok) return content
  const { concentrator, messageId, frames } = content.value
  return ok({
    concentrator: present(concentrator, 'the concentrator that the form asks for'),
    batch: Number(present(messageId, 'the batch that the form asks for')),
    items: frames.map(({ bytes }) => ({ frame: bytes })),
  })
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

/** Only what says one thing to every reader: a name that stands twice, or text that is no UTF-8, does not. */
function parseJson(payload: Buffer): Result<unknown, PayloadError> {
  const exact = parseExactJson(payload)
  return exact.ok ? ok(JSON.parse(payload.toString('utf8'))) : err({ kind: exact.error.kind })
}
