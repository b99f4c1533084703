import type { Apdu } from './apdu.js'
import { encodeApdu } from './encode-apdu.js'
import { encodeDlt698, type ServerAddress } from './frame.js'

/** Control codes of whole, unscrambled frames: who sends, who has started the exchange, link management or user data. */
const controlByKind = {
  /** The client asks. */
  request: 0x43,
  /** The server answers. */
  response: 0xc3,
  /** The server logs in, says that it is there, logs out. */
  link_request: 0x81,
  /** The client answers to that. */
  link_response: 0x01,
} as const

export type WholeFrameKind = keyof typeof controlByKind

/** Bytes of a frame that carries an APDU uncut. */
export function encodeWholeFrame(
  kind: WholeFrameKind,
  server: ServerAddress,
  clientAddress: number,
  apdu: Apdu,
): Buffer {
  return encodeDlt698({ controlCode: controlByKind[kind], server, clientAddress, userData: encodeApdu(apdu) })
}

/** The one server of that address, given high byte first in full bytes. */
export function singleServer(address: string): ServerAddress {
  return { kind: 'single', logicalAddress: 0, address }
}
