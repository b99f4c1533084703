import { invariant, present } from '../../../domain/result.js'
import { decodeEnvelope } from '../../../protocols/concentrator/envelope.js'
import { formatExactJson, parseExactJson } from '../../../protocols/concentrator/exact-json.js'
import {
  encodeMeterTable,
  encodeTableReceipt,
  parseDesiredTable,
  parseTableReceipt,
} from '../../../protocols/concentrator/meter-table.js'
import { channels } from '../grammar/envelope-json.js'

const exact = /^-?\d+(?:\.\d+)?$/

/** A message on a topic of a concentrator; the first byte says which channel of which profile. */
export function checkEnvelope(input: Buffer): void {
  const [profile, channel, topic] = present(channels[(input[0] ?? 0) % channels.length], 'a channel')
  const payload = input.subarray(1)
  const decoded = decodeEnvelope(profile, topic, payload)
  if (!decoded.ok) {
    invariant(decoded.error.offset >= 0 && decoded.error.offset <= payload.length, 'the error stands in the payload')
    return
  }
  invariant(decoded.value.channel === channel, 'a topic names its channel')
  let bytes = 0
  for (const frame of decoded.value.frames) bytes += frame.bytes.length
  invariant(bytes <= payload.length, 'no more bytes than came')
  invariant(decoded.value.readings.length <= payload.length, 'no more values than bytes')
  for (const { value } of decoded.value.readings)
    invariant(value === null || exact.test(value), `an exact decimal: ${value}`)
}

/** JSON whose numbers stay text; agrees with the engine on what JSON is. */
export function checkExactJson(input: Buffer): void {
  const parsed = parseExactJson(input)
  if (!parsed.ok) {
    invariant(parsed.error.offset >= 0 && parsed.error.offset <= input.length, 'the error stands in the text')
    if (parsed.error.kind === 'payload_not_json') invariant(!isJson(input), 'the engine finds no JSON either')
    return
  }
  invariant(isJson(input), 'the engine finds JSON too')
  const written = formatExactJson(parsed.value)
  const again = parseExactJson(Buffer.from(written))
  invariant(again.ok && formatExactJson(again.value) === written, 'a document that was read is written alike')
}

function isJson(input: Buffer): boolean {
  try {
    // Bytes that are no UTF-8 must not become signs that stand for them.
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input))
    return true
  } catch {
    return false
  }
}

export function checkMeterTable(input: Buffer): void {
  const table = parseDesiredTable(input)
  if (table.ok) {
    const again = parseDesiredTable(encodeMeterTable(table.value))
    invariant(
      again.ok && again.value.meters.length === table.value.meters.length,
      'a table that was read is written alike',
    )
  }
  const receipt = parseTableReceipt(input)
  if (receipt.ok)
    invariant(parseTableReceipt(encodeTableReceipt(receipt.value)).ok, 'a receipt that was read is written alike')
}
