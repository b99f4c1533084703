import { deepStrictEqual } from 'node:assert'
import { invariant, type Result } from '../../../domain/result.js'
import type { EnvelopeError } from '../../../protocols/concentrator/envelope-content.js'
import { formsOf } from '../../../protocols/concentrator/envelope-profile.js'
import { ownEnvelope } from '../../../protocols/concentrator/envelope-profiles.js'
import { decodePayload } from '../../../protocols/concentrator/envelope.js'
import {
  encodeReceipt,
  encodeUpload,
  parseReceipt,
  parseUpload,
  type PayloadError,
} from '../../../protocols/concentrator/messages.js'

const mostItems = 1000

export function checkUpload(input: Buffer): void {
  const upload = parseUpload(input)
  checkReadersAgree(input, upload.ok ? upload.value.concentrator : 'C1')
  if (!upload.ok) return checkRefused(upload)
  const { concentrator, batch, items } = upload.value
  invariant(concentrator.length > 0 && Number.isSafeInteger(batch) && batch >= 0, 'the key is a key')
  invariant(items.length <= mostItems, 'an upload has 1000 frames at most')
  let bytes = 0
  for (const { frame } of items) bytes += frame.length
  invariant(2 * bytes <= input.length, 'no more bytes than digits came')
  const again = parseUpload(encodeUpload(upload.value))
  invariant(
    again.ok &&
      again.value.concentrator === concentrator &&
      again.value.batch === batch &&
      again.value.items.every(({ frame }, index) => items[index]?.frame.equals(frame) === true),
    'an upload that was read is written alike',
  )
  checkPrototype(upload.value)
}

export function checkReceipt(input: Buffer): void {
  const receipt = parseReceipt(input)
  if (!receipt.ok) return checkRefused(receipt)
  const again = parseReceipt(encodeReceipt(receipt.value))
  invariant(again.ok && again.value.batch === receipt.value.batch, 'a receipt that was read is written alike')
  checkPrototype(receipt.value)
}

/** The quick reader of our own envelope and the one by its profile. */
function checkReadersAgree(input: Buffer, device: string): void {
  const quick = parseUpload(input, device)
  const byProfile = decodePayload(formsOf(ownEnvelope, 'up'), { concentrator: device, meter: null }, input)
  if (!quick.ok || !byProfile.ok) return deepStrictEqual(quick, byProfile)
  const { concentrator, messageId, frames } = byProfile.value
  deepStrictEqual(quick.value, {
    concentrator,
    batch: Number(messageId),
    items: frames.map(({ bytes }) => ({ frame: bytes })),
  })
}

function checkRefused(refused: Result<unknown, PayloadError | EnvelopeError>): void {
  const isNamed = !refused.ok && (refused.error.kind !== 'payload_malformed' || refused.error.field.length <= 64)
  invariant(isNamed, 'a refusal names a field')
}

/** Nothing that comes in reaches the prototypes. */
function checkPrototype(value: object): void {
  invariant(Object.getPrototypeOf(value) === Object.prototype && !('isAdmin' in {}), 'a plain object')
}
