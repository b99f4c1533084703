import { err, invariant, ok, type Result } from '../../domain/result.js'
import { maxPduBytes } from './pdu-limits.js'

/** One Modbus TCP message: MBAP header and the function's own bytes. */
export interface TcpAdu {
  readonly transactionId: number
  readonly unitId: number
  /** Function code and what follows it. */
  readonly pdu: Buffer
}

export type AduError =
  | { readonly kind: 'protocol_not_modbus'; readonly actual: number }
  | { readonly kind: 'length_out_of_range'; readonly actual: number }

export const mbapBytes = 7

export function encodeTcpAdu({ transactionId, unitId, pdu }: TcpAdu): Buffer {
  invariant(pdu.length > 0 && pdu.length <= maxPduBytes, 'a Modbus PDU has 1 to 253 bytes')
  const header = Buffer.alloc(mbapBytes)
  header.writeUInt16BE(transactionId, 0)
  header.writeUInt16BE(pdu.length + 1, 4)
  header.writeUInt8(unitId, 6)
  return Buffer.concat([header, pdu])
}

/** The first message of a byte stream and the bytes behind it; `value` is null while it is not whole. */
export function takeTcpAdu(stream: Buffer): Result<{ readonly adu: TcpAdu; readonly rest: Buffer } | null, AduError> {
  if (stream.length < mbapBytes - 1) return ok(null)
  const protocol = stream.readUInt16BE(2)
  if (protocol !== 0) return err({ kind: 'protocol_not_modbus', actual: protocol })
  const length = stream.readUInt16BE(4)
  if (length < 2 || length > maxPduBytes + 1) return err({ kind: 'length_out_of_range', actual: length })
  const end = mbapBytes - 1 + length
  if (stream.length < end) return ok(null)
  const pdu = stream.subarray(mbapBytes, end)
  return ok({
    adu: { transactionId: stream.readUInt16BE(0), unitId: stream.readUInt8(6), pdu },
    rest: stream.subarray(end),
  })
}
