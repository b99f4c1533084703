import { maskedHex } from '../dlt645/masked-hex.js'
import type { InspectedFrame, InspectedValue } from './inspected-frame.js'

const mask = '**'

/** A frame for traces and evidence: bytes and values of passwords read `**`, in what an envelope carries too. */
export function maskedFrame(frame: InspectedFrame): InspectedFrame {
  const inner = frame.inner === null ? null : maskedFrame(frame.inner)
  const hex = frame.protocol.startsWith('dlt645') ? maskedHex(Buffer.from(frame.hex, 'hex')) : frame.hex
  const isMasked = hex !== frame.hex
  const carried = (text: string) =>
    frame.inner === null || inner === null ? text : text.replace(frame.inner.hex, inner.hex)
  return {
    ...frame,
    inner,
    hex: carried(hex),
    // The payload repeats what the frame hides.
    payload: isMasked ? mask : carried(frame.payload),
    values: isMasked ? frame.values.map(maskedValue) : frame.values,
  }
}

function maskedValue(value: InspectedValue): InspectedValue {
  return /password$/i.test(value.name) && value.value !== null ? { ...value, value: mask } : value
}
