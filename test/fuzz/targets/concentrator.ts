import { invariant, type Result } from '../../../domain/result.js'
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
  if (!upload.ok) return checkRefused(upload)
  const { concentrator, batch, items } = upload.value
  invariant(concentrator.length > 0 && Number.isSafeInteger(batch) && batch >= 0, 'the key is a key')
  invariant(items.length > 0 && items.length <= mostItems, 'an upload has 1 to 1000 frames')
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

function checkRefused(refused: Result<unknown, PayloadError>): void {
  const isNamed = !refused.ok && (refused.error.kind !== 'payload_malformed' || refused.error.field.length <= 64)
  invariant(isNamed, 'a refusal names a field')
}

/** Nothing that comes in reaches the prototypes. */
function checkPrototype(value: object): void {
  invariant(Object.getPrototypeOf(value) === Object.prototype && !('isAdmin' in {}), 'a plain object')
}
