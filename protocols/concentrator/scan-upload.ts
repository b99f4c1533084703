import { maxFrameBytes } from '../dlt645/frame.js'
import { wakeUpByte } from '../stream-splitter.js'
import { maxItemsPerMessage } from './carried-frames.js'
import type { Upload, UploadItem } from './upload.js'

const beforeConcentrator = '{"concentrator":"'
const beforeBatch = '","batch":'
const beforeItems = ',"items":['
const beforeFrame = '{"frame":"'
const afterFrame = '"}'
const afterItems = ']}'
const mostFrameDigits = 2 * maxFrameBytes
const maxNameLength = 128
const batchPattern = /^(?:0|[1-9]\d{0,14})$/
/** Printable ASCII but for the quote and the backslash: stands in JSON for itself. */
const plainName = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * An upload written without blanks, escapes and members of a concentrator's own, as almost all of them are: every byte is either
 * expected or belongs to a value, so that nothing can stand in it twice and nothing is left over. Null for any other payload, which
 * says nothing against it.
 */
export function scanUpload(payload: Buffer): Upload | null {
  const text = payload.toString('latin1')
  if (!text.startsWith(beforeConcentrator)) return null
  const nameEnd = text.indexOf('"', beforeConcentrator.length)
  if (!text.startsWith(beforeBatch, nameEnd)) return null
  const concentrator = text.slice(beforeConcentrator.length, nameEnd)
  const batchAt = nameEnd + beforeBatch.length
  const batchEnd = text.indexOf(',', batchAt)
  if (!text.startsWith(beforeItems, batchEnd)) return null
  const batch = text.slice(batchAt, batchEnd)
  if (concentrator.length > maxNameLength || !plainName.test(concentrator) || !batchPattern.test(batch)) return null
  const items = scanItems(text, batchEnd + beforeItems.length)
  return items === null ? null : { concentrator, batch: Number(batch), items }
}

/** Items from `start` to the end of the text. */
function scanItems(text: string, start: number): readonly UploadItem[] | null {
  const items: UploadItem[] = []
  let at = start
  for (;;) {
    if (!text.startsWith(beforeFrame, at)) return null
    const digitsAt = at + beforeFrame.length
    const digitsEnd = text.indexOf('"', digitsAt)
    if (!text.startsWith(afterFrame, digitsEnd)) return null
    const frame = frameOf(text, digitsAt, digitsEnd)
    if (frame === null || items.length === maxItemsPerMessage) return null
    items.push({ frame })
    at = digitsEnd + afterFrame.length
    if (text[at] !== ',') break
    at += 1
  }
  return text.startsWith(afterItems, at) && text.length === at + afterItems.length ? items : null
}

function frameOf(text: string, start: number, end: number): Buffer | null {
  const digits = end - start
  if (digits === 0 || digits > mostFrameDigits || digits % 2 !== 0) return null
  // It stops at the first character that is no digit.
  const frame = Buffer.from(text.slice(start, end), 'hex')
  return frame.length === digits / 2 && frame[0] !== wakeUpByte ? frame : null
}
