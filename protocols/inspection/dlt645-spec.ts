import * as z from 'zod'
import { err, ok, type Result } from '../../domain/result.js'
import { credentials } from '../dlt645/credentials.js'
import { findDataItem } from '../dlt645/catalogue/catalogue.js'
import { parseControlCode } from '../dlt645/control-code.js'
import { type Edition, formsOf } from '../dlt645/data-item.js'
import { type Field, writeFields } from '../dlt645/field.js'
import { encodeFrame, openFrame } from '../dlt645/frame.js'
import { reverseBytes } from '../dlt645/bcd.js'
import { parseAddress } from '../dlt645/address.js'
import { parseMessage } from '../dlt645/message.js'
import { command, payloadFields } from '../dlt645/payload-fields.js'

const hexText = z.string().regex(/^(?:[0-9A-Fa-f]{2})*$/, { error: 'expected an even number of hexadecimal digits' })
/** What a length byte can say; an identifier takes its share of it. */
const maxDataBytes = 255

const identifierDigits = { 'dlt645-2007': 8, 'dlt645-1997': 4 } as const

/** A DL/T 645 frame to be written: the same names as in what `frame decode` prints, so that its output can be fed back. */
export const dlt645SpecSchema = z
  .object({
    protocol: z.enum(['dlt645-2007', 'dlt645-1997', 'dlt645']).default('dlt645-2007'),
    address: z
      .string()
      .regex(/^[0-9A-Fa-f]{1,12}$/, { error: 'expected up to 12 digits, AA for bytes that are not compared' }),
    controlCode: z.string().regex(/^[0-9A-Fa-f]{2}$/, { error: 'expected two hexadecimal digits' }),
    dataIdentifier: z
      .string()
      .regex(/^(?:[0-9A-Fa-f]{4}){1,2}$/, { error: 'expected 8 (2007) or 4 (1997) hexadecimal digits' })
      .nullable()
      .default(null),
    /** What follows the identifier, in wire order. Without it the `values` are written. */
    payload: hexText.max(2 * maxDataBytes).optional(),
    /** Texts as `frame decode` prints them, in wire order; null for an absent value. One that is invalid cannot be written. */
    values: z
      .array(z.object({ value: z.string().nullable(), state: z.enum(['ok', 'absent', 'invalid']).optional() }))
      .max(maxDataBytes)
      .default([]),
    wakeUpBytes: z.int().min(0).max(16).default(0),
  })
  .refine(
    ({ protocol, dataIdentifier }) =>
      dataIdentifier === null || protocol === 'dlt645' || dataIdentifier.length === identifierDigits[protocol],
    { error: 'expected 8 hexadecimal digits in edition 2007, 4 in edition 1997', path: ['dataIdentifier'] },
  )

export type Dlt645Spec = z.infer<typeof dlt645SpecSchema>

export type Dlt645SpecError =
  | { readonly kind: 'address_invalid' }
  | { readonly kind: 'frame_too_long' }
  /** No form of the function or the item takes these values. */
  | { readonly kind: 'values_do_not_fit' }

/** Bytes of a described frame. */
export function encodeDlt645Spec(spec: Dlt645Spec): Result<Buffer, Dlt645SpecError> {
  const edition = editionOf(spec)
  const address = addressOf(spec.address, edition)
  if (address === null) return err({ kind: 'address_invalid' })
  const controlCode = Number.parseInt(spec.controlCode, 16)
  const identifier =
    spec.dataIdentifier === null ? Buffer.alloc(0) : reverseBytes(Buffer.from(spec.dataIdentifier, 'hex'))
  const payload =
    spec.payload === undefined
      ? payloadOfValues(spec, edition, controlCode, identifier)
      : Buffer.from(spec.payload, 'hex')
  if (payload === null) return err({ kind: 'values_do_not_fit' })
  const data = Buffer.concat([identifier, payload])
  if (data.length > maxDataBytes) return err({ kind: 'frame_too_long' })
  return ok(encodeFrame({ address, controlCode, data }, { wakeUpBytes: spec.wakeUpBytes }))
}

function editionOf({ protocol }: Dlt645Spec): Edition {
  return protocol === 'dlt645-1997' ? '1997' : '2007'
}

/** Twelve digits of any kind stay what they are, so that odd frames can be written; short numbers are filled up. */
function addressOf(printed: string, edition: Edition): string | null {
  if (printed.length === 12) return printed.toUpperCase()
  const parsed = parseAddress(printed, edition)
  return parsed.ok ? parsed.value : null
}

/**
 * The fields come from the lengths that a function or an item may have: the first length whose fields are as many as the values
 * and take them all is written.
 */
function payloadOfValues(spec: Dlt645Spec, edition: Edition, controlCode: number, identifier: Buffer): Buffer | null {
  if (spec.values.some(({ state }) => state === 'invalid')) return null
  const texts = spec.values.map(({ value }) => value)
  for (const fields of candidateFields(spec, edition, controlCode, identifier, beginningOf(texts))) {
    const shown = fields.filter(({ name }) => name !== '')
    if (shown.length !== texts.length) continue
    let next = 0
    const payload = writeFields(
      fields,
      fields.map(({ name }) => (name === '' ? '00' : (texts[next++] ?? null))),
    )
    if (payload !== null) return payload
  }
  return null
}

/** Level and relay command decide which fields follow them; empty where the values do not begin with credentials. */
function beginningOf(texts: readonly (string | null)[]): Buffer {
  const commanded = writeFields([...credentials, command], texts.slice(0, credentials.length + 1))
  return commanded ?? writeFields(credentials, texts.slice(0, credentials.length)) ?? Buffer.alloc(0)
}

function* candidateFields(
  spec: Dlt645Spec,
  edition: Edition,
  controlCode: number,
  identifier: Buffer,
  beginning: Buffer,
): Generator<readonly Field[]> {
  const { isReply } = parseControlCode(controlCode)
  const item = spec.dataIdentifier === null ? null : findDataItem(edition, spec.dataIdentifier.toUpperCase())
  if (isReply && item !== null) yield* formsOf(item.layout)
  for (let length = 0; length <= maxDataBytes - identifier.length; length += 1) {
    const payload = Buffer.alloc(length)
    beginning.copy(payload)
    const data = Buffer.concat([identifier, payload])
    const message = parseMessage(openFrame(encodeFrame({ address: '000000000000', controlCode, data })), edition)
    const fields = message === null ? null : payloadFields(message)
    if (fields !== null) yield fields
  }
}
